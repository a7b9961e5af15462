import { randomBytes } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type HandMade, readHandMade } from '@gitops/compose';
import { PROGRAMS, splitParts } from '@gitops/host';
import { runCommand } from '../lab/command.ts';
import { removeProject } from '../lab/project.ts';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';
import type { Shape } from './hand-made-shapes.ts';

/** A project that runs on this machine without us. */
export interface HandMadeProject extends AsyncDisposable {
  readonly name: string;
  /** Where its files are. */
  readonly folder: string;
  /** What the services' data reads as. */
  readonly wrote: Readonly<Record<string, string>>;
  /** Runs the program `adopt` by a shell. */
  adopt(...shell: readonly string[]): Promise<HandMade>;
  activate(model: unknown): Promise<void>;
  loseFiles(): Promise<void>;
  read(): Promise<Readonly<Record<string, string>>>;
}

/** Lays out the files and does what people do: `docker compose up -d`. */
export async function startByHand({ compose, files, write, read }: Omit<Shape, 'name'>): Promise<HandMadeProject> {
  const directory = await createTemporaryDirectory('hand-made');
  const name = `hand${randomBytes(4).toString('hex')}`;
  const folder = join(directory.path, 'project');
  await layOut(folder, { ...files, 'compose.yaml': `services:${compose.replaceAll('SUFFIX', name)}` });
  const dispose = async (): Promise<void> => {
    const volumes = await mountedVolumes(name);
    await removeProject(name);
    // One without a name became one of that name when it was brought back.
    if (volumes.length > 0) await runCommand('docker', ['volume', 'rm', '--force', ...volumes]);
    await directory[Symbol.asyncDispose]();
  };
  const readAll = (): Promise<Readonly<Record<string, string>>> => inEach(name, read ?? {});
  try {
    await runCommand('docker', ['compose', '-p', name, 'up', '-d'], { cwd: folder });
    await inEach(name, write ?? {});
    return {
      name,
      folder,
      wrote: await readAll(),
      adopt: (...shell) => adopt(name, shell),
      activate: (model) => activate(name, directory.path, model),
      loseFiles: () => rename(join(folder, 'compose.yaml'), join(folder, 'gone')),
      read: readAll,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function mountedVolumes(project: string): Promise<readonly string[]> {
  const ids = await runCommand('docker', ['ps', '-aq', '--filter', `label=com.docker.compose.project=${project}`]);
  if (ids === '') return [];
  const format = '{{range .Mounts}}{{if eq .Type "volume"}}{{println .Name}}{{end}}{{end}}';
  const names = await runCommand('docker', ['inspect', '--format', format, ...ids.split('\n')]);
  return names.split('\n').filter(Boolean);
}

async function layOut(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

async function inEach(
  project: string,
  lines: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  const results = Object.entries(lines).map(async ([service, line]) => {
    const words = ['compose', '-p', project, 'exec', '-T', service, 'sh', '-c', line];
    return [service, await runCommand('docker', words)] as const;
  });
  return Object.fromEntries(await Promise.all(results));
}

async function adopt(project: string, [command = 'sh', ...words]: readonly string[]): Promise<HandMade> {
  const answer = await runCommand(command, [...words, '-s', project], { input: PROGRAMS.adopt });
  return readHandMade(splitParts(answer), 'this machine');
}

/** As a deployment does it. */
async function activate(project: string, folder: string, model: unknown): Promise<void> {
  const file = join(folder, 'rendered.yml');
  await writeFile(file, JSON.stringify(model, undefined, 2));
  const words = ['-p', project, '--project-directory', folder, '--env-file', '/dev/null', '-f', file];
  await runCommand('docker', ['compose', ...words, 'up', '-d', '--no-build', '--pull', 'never']);
}
