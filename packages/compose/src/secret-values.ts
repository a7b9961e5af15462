import { type Declared, secretValues } from '@gitops/core';
import { parseDotenv } from './load/dotenv.ts';
import type { Rendered } from './rendered.ts';
import { UploadedTree } from './uploaded-tree.ts';

/** Contents of the files of Compose secrets. */
export function secretFiles(rendered: Rendered, { upload }: Declared, tree: string): readonly string[] {
  const uploaded = new UploadedTree(tree, upload);
  const paths = Object.values(rendered.secrets ?? {}).map(({ file = '' }) => uploaded.pathIn(file) ?? '');
  return [...new Set(paths)].flatMap((path) => uploaded.file(path)?.content.toString('utf8') ?? []);
}

/** What services get by names that tell, from wherever they get it: `environment`, an `env_file`, a default. */
export function secretEnvironment({ services }: Rendered): readonly string[] {
  return Object.values(services).flatMap(({ environment }) => {
    const texts = Object.entries(environment ?? {}).filter((entry) => typeof entry[1] === 'string');
    return secretValues(Object.fromEntries(texts.map(([name, value]) => [name, String(value)])));
  });
}

/** Compose secrets that come from the `.env`. */
export function secretVariables(
  rendered: Rendered,
  { upload }: Declared,
  envFile: string | undefined,
): readonly string[] {
  const content = upload.find(({ path }) => path === envFile)?.content.toString('utf8') ?? '';
  const variables = parseDotenv(content);
  return Object.values(rendered.secrets ?? {}).flatMap(({ environment = '' }) => variables[environment] ?? []);
}
