import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { createRepository, type TestRepository } from './git-repository.ts';

const root = join(import.meta.dirname, '..', '..');

/** The environments that this repository shows. */
export const exampleEnvironments: readonly string[] = globSync('environments/*/environment.yml', { cwd: root })
  .map((path) => path.split('/')[1] ?? '')
  .sort();

/** Folders of all stacks: a `.env.example` lies in each. */
export const exampleStacks: readonly string[] = globSync('environments/**/.env.example', { cwd: root })
  .map((path) => path.replace('/.env.example', ''))
  .sort();

/**
 * A repository that has the examples alone, as somebody would begin: each stack's `.env`, which git ignores, is made from its
 * `.env.example`. `edit` may change a file on its way.
 */
export async function createExampleRepository(edit = unchanged): Promise<TestRepository> {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '.gitignore', 'gitops.yml', 'environments'];
  const files = await filesAt((await runCommand('git', listed, { cwd: root })).split('\n'));
  const secrets = exampleStacks.map((folder) => [`${folder}/.env`, files[`${folder}/.env.example`] ?? ''] as const);
  return createRepository(edit({ ...files, ...Object.fromEntries(secrets) }));
}

type Files = Readonly<Record<string, string>>;

function unchanged(files: Files): Files {
  return files;
}

async function filesAt(paths: readonly string[]): Promise<Files> {
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await readFile(join(root, path), 'utf8')] as const)),
  );
}
