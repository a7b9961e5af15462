import { parseDotenv } from '@gitops/compose';
import { PathOutsideError, type Reporter, type RepositoryView, type StackSpec } from '@gitops/core';
import { envFileOf, isWorthHiding, type OpenedSecrets, openSecrets, type SopsKeys } from '@gitops/secrets';

/**
 * Opens what stacks have encrypted. From here on none of it is shown: neither as SOPS has it nor as Compose reads it, which takes
 * quotes away. Throws `SopsError`.
 */
export async function openStackSecrets(
  view: RepositoryView,
  stacks: readonly StackSpec[],
  keys: SopsKeys,
  reporter: Reporter,
): Promise<OpenedSecrets> {
  reporter.mask(keys.identities);
  const opened = await openSecrets(view, stacks, keys);
  if (opened.values.length === 0) return opened;
  const inClear = await clearTexts(view, stacks);
  const hide = (name: string, value: string) => [
    ...(isWorthHiding(name, value, inClear) ? [value] : []),
    ...partsOf(value).filter((part) => isWorthHiding(name, part, inClear)),
  ];
  reporter.mask(opened.values.flatMap(({ name, value }) => hide(name, value.reveal())));
  const encrypted = new Set(opened.values.map(({ name }) => name));
  for (const stack of stacks.filter(({ secrets }) => secrets !== undefined)) {
    const dotenv = parseDotenv((await opened.view.read(envFileOf(stack))).toString('utf8'));
    // Without names in it, a file was encrypted as a whole.
    const hidden = Object.entries(dotenv).filter(([name]) => encrypted.has(name) || encrypted.has(''));
    reporter.mask(hidden.flatMap(([name, value]) => hide(name, value)));
  }
  return opened;
}

const SHORTEST_PART = 6;

/** What a message about a port, a path or an image may quote of a value that holds a `:` or a `/`. */
export function partsOf(value: string): readonly string[] {
  const parts = value.split(/[:/@,;]+/);
  return parts.length < 2 ? [] : parts.filter((part) => part.length >= SHORTEST_PART);
}

/** What everybody sees of stacks: their names and folders, and what is in their YAML files. */
async function clearTexts(view: RepositoryView, stacks: readonly StackSpec[]): Promise<string> {
  const texts = stacks.map(async ({ name, folder }) => {
    const files = (await listed(view, folder)).filter(({ path }) => /\.ya?ml$/.test(path));
    const read = files.map(async ({ path }) => (await view.read(path)).toString('utf8'));
    return [name, folder, ...(await Promise.all(read))];
  });
  return (await Promise.all(texts)).flat().join('\n');
}

/** A link that leaves the repository is told by who reads the stack. */
async function listed(view: RepositoryView, folder: string) {
  try {
    return (await view.list(folder)).filter(({ linkTarget }) => linkTarget === undefined);
  } catch (error) {
    if (error instanceof PathOutsideError) return [];
    throw error;
  }
}
