import type { Hold } from '@gitops/core';
import { clearHolds, type Holds, readHolds } from '@gitops/operations';
import { readDuration } from './duration-option.ts';
import { askOn, tellTargets } from './on-targets.ts';
import type { ReadOptions } from './status-command.ts';
import type { Screen } from './terminal-reporter.ts';

/** `gitops hold list`: the commits that scheduled runs do not deploy. */
export async function holdListCommand(environment: string, options: ReadOptions, screen: Screen): Promise<number> {
  const asked = await askOn(environment, options, screen);
  const text = ({ holds }: Holds) => (holds.length === 0 ? 'no commit is held' : listed(holds));
  return tellTargets(asked, await readHolds(asked.request), text, options, screen);
}

export interface ClearOptions extends ReadOptions {
  readonly reason?: string;
  readonly lockWait: string;
}

/** `gitops hold clear`: lifts the hold of a commit, or all. */
export async function holdClearCommand(
  environment: string,
  commit: string,
  options: ClearOptions,
  screen: Screen,
): Promise<number> {
  const lockWaitMs = readDuration('--lock-wait', options.lockWait);
  const asked = await askOn(environment, options, screen);
  const lifted = await clearHolds({ ...asked.request, commit, reason: options.reason ?? '', lockWaitMs });
  const text = ({ holds }: Holds) => (holds.length === 0 ? 'no commit was held' : `lifted:${listed(holds)}`);
  return tellTargets(asked, lifted, text, options, screen);
}

function listed(holds: readonly Hold[]): string {
  return holds
    .map(({ commit, release, since, by, why }) => `\n  ${commit.slice(0, 12)}  ${since}  ${release}, by ${by}: ${why}`)
    .join('');
}
