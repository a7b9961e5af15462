import type { RepositoryView } from '@gitops/core';
import { parseDotenv } from '../load/dotenv.ts';
import type { Variables } from '../load/interpolation.ts';

/** What an included project knows: what is set outside wins over what its own env files say. */
export async function variablesWith(
  view: RepositoryView,
  envFiles: readonly string[],
  outer: Variables,
): Promise<Variables> {
  const texts = await Promise.all(envFiles.map((path) => view.read(path)));
  const own = texts.map((text) => parseDotenv(text.toString('utf8'), outer));
  return Object.assign({}, ...own, outer);
}
