import { mkdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as core from '@actions/core';
import { cutMarkdown } from './cut-markdown.ts';

/** A step whose summary has more than 1 MiB shows none of it. The rest of that is for a word on what was left out. */
const LARGEST_SUMMARY_BYTES = 1_000_000;

/** Writes a file, `result.json` if no name is given, where later steps find it, and returns its path. */
export async function writeResultFile(action: string, text: string, name = 'result.json'): Promise<string> {
  const folder = join(process.env['RUNNER_TEMP'] ?? tmpdir(), `gitops-${action}-${process.pid}`);
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** Adds to the job summary as much as there is room for behind what the step has written so far; outside of a job there is none. */
export async function writeSummary(markdown: string): Promise<void> {
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (!path) return;
  const { size } = await stat(path);
  const text = cutMarkdown(markdown, LARGEST_SUMMARY_BYTES - size, '… the rest is in result.json\n', Buffer.byteLength);
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
