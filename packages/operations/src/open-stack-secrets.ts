import { parseDotenv } from '@gitops/compose';
import type { Reporter, RepositoryView, StackSpec } from '@gitops/core';
import { envFileOf, type OpenedSecrets, openSecrets, type SopsKeys } from '@gitops/secrets';

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
  reporter.mask(opened.values.map(({ value }) => value.reveal()));
  for (const stack of stacks.filter(({ secrets }) => secrets !== undefined)) {
    const dotenv = await opened.view.read(envFileOf(stack));
    reporter.mask(Object.values(parseDotenv(dotenv.toString('utf8'))));
  }
  return opened;
}
