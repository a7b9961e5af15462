import { rm } from 'node:fs/promises';
import { sep } from 'node:path';
import { runCommand } from './command.ts';
import { removeProject } from './project.ts';
import { runVariable } from './test-run.ts';
import { killTrackedProcesses, processesNaming, signalIfAlive } from './tracked-processes.ts';

/** Removes what a test run has left on this machine: its processes, Compose projects, images and directory. */
async function sweep(run: string, directory: string): Promise<void> {
  killTrackedProcesses(runVariable, run);
  // A server that has written its title over its environment still names its files in it.
  for (const pid of processesNaming(directory + sep)) signalIfAlive(pid, 'SIGKILL');
  for (const project of await projectsIn(directory)) await removeProject(project);
  const images = await listed(['images', '--quiet', '--no-trunc', '--filter', `reference=lab-${run}-*/*`]);
  const containers = await containersOf(images);
  if (containers.size > 0) await runCommand('docker', ['rm', '--force', '--volumes', ...containers]);
  if (images.size > 0) await runCommand('docker', ['rmi', '--force', ...images]);
  await rm(directory, { recursive: true, force: true });
}

async function projectsIn(directory: string): Promise<ReadonlySet<string>> {
  const format = '{{.Label "com.docker.compose.project"}}\t{{.Label "com.docker.compose.project.working_dir"}}';
  const lines = await listed(['ps', '--all', '--format', format]);
  const ours = [...lines].map((line) => line.split('\t')).filter(([, folder]) => folder?.startsWith(directory + sep));
  return new Set(ours.flatMap(([project]) => project || []));
}

/** Some were started without Compose. */
async function containersOf(images: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const lists = await Promise.all([...images].map((image) => listed(['ps', '-aq', '--filter', `ancestor=${image}`])));
  return new Set(lists.flatMap((list) => [...list]));
}

/** Without an Engine nothing of the run is left in one. */
async function listed(words: readonly string[]): Promise<ReadonlySet<string>> {
  const output = await runCommand('docker', words).catch(() => '');
  return new Set(output.split('\n').filter(Boolean));
}

const [run = '', directory = ''] = process.argv.slice(2);
await sweep(run, directory);
