import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';

/** A larger summary is dropped by the runner as a whole. */
const LARGEST_SUMMARY_BYTES = 1_000_000;

/** Writes a file, `result.json` if no name is given, where later steps find it, and returns its path. */
export async function writeResultFile(action: string, text: string, name = 'result.json'): Promise<string> {
  const folder = join(process.env['RUNNER_TEMP'] ?? tmpdir(), `gitops-${action}-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** Adds to the job summary; outside of a job there is none. */
export async function writeSummary(markdown: string): Promise<void> {
  if (!process.env['GITHUB_STEP_SUMMARY']) return;
  const fits = Buffer.byteLength(markdown) <= LARGEST_SUMMARY_BYTES;
  const text = fits ? markdown : `${markdown.slice(0, LARGEST_SUMMARY_BYTES / 4)}\n\n… the rest is in result.json\n`;
  await core.summary.addRaw(text).write();
}

/** Who asked for this run, and where it can be seen. */
export function runActor(): string {
  const {
    GITHUB_ACTOR: actor = 'unknown',
    GITHUB_SERVER_URL: server,
    GITHUB_REPOSITORY: repository,
    GITHUB_RUN_ID: run,
  } = process.env;
  return server && repository && run ? `${actor}, ${server}/${repository}/actions/runs/${run}` : actor;
}

/** Whether a schedule has started this run, and nobody asked for it. */
export function isScheduled(): boolean {
  return process.env['GITHUB_EVENT_NAME'] === 'schedule';
}

/** Fails the step with this message as its annotation. */
export function failStep(message: string): void {
  core.setFailed(message);
}
