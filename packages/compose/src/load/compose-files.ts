import type { RepositoryView } from '@gitops/core';

/** The names Compose looks for, in its order. https://docs.docker.com/compose/intro/compose-application-model/ */
export const COMPOSE_FILE_NAMES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'] as const;

/** As in compose-go `cli/options.go`: any of these goes with any of the names above. */
const OVERRIDE_FILE_NAMES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];

/** The Compose files of a folder that Compose itself would pick, main file first; none if there is no main file. */
export async function findComposeFiles(view: RepositoryView, folder: string): Promise<readonly string[]> {
  const [main, override] = await Promise.all([
    firstFile(view, folder, COMPOSE_FILE_NAMES),
    firstFile(view, folder, OVERRIDE_FILE_NAMES),
  ]);
  if (main === undefined) return [];
  return override === undefined ? [main] : [main, override];
}

/** A path in a folder of the repository, whose root is `''`. */
export function pathIn(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

async function firstFile(view: RepositoryView, folder: string, names: readonly string[]): Promise<string | undefined> {
  const paths = names.map((name) => pathIn(folder, name));
  const kinds = await Promise.all(paths.map((path) => view.stat(path)));
  return paths.find((_, index) => kinds[index] === 'file');
}
