import { isVerified, type Recovery, recoverEnvironment } from '@gitops/operations';
import { readDuration } from './duration-option.ts';
import { EXIT_DONE, EXIT_FAILED } from './exit-code.ts';
import { askOn, tellTargets } from './on-targets.ts';
import type { ReadOptions } from './status-command.ts';
import type { Screen } from './terminal-reporter.ts';

export interface RecoverOptions extends ReadOptions {
  readonly lockWait: string;
}

/** `gitops recover`: brings what earlier runs have left to a verified end. */
export async function recoverCommand(environment: string, options: RecoverOptions, screen: Screen): Promise<number> {
  const lockWaitMs = readDuration('--lock-wait', options.lockWait);
  const asked = await askOn(environment, options, screen);
  const targets = await recoverEnvironment({ ...asked.request, lockWaitMs });
  const code = tellTargets(asked, targets, recoveryText, options, screen);
  const isBroken = targets.some(({ result }) => result && !isVerified(result));
  return code === EXIT_DONE && isBroken ? EXIT_FAILED : code;
}

function recoveryText({ wasLeft, transaction, release, differing, removed }: Recovery): string {
  const ended = wasLeft
    ? `transaction ${transaction?.id} ended ${transaction?.state}`
    : 'no transaction was left unfinished';
  const current = release === '' ? 'nothing is deployed' : `release ${release} is current`;
  const swept =
    removed.length === 0 ? '' : `; removed ${removed.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`;
  const unlike = differing.map(({ subject, cause }) => `\n  ${subject}: ${cause}`).join('');
  return `${ended}; ${current}${swept}${unlike && `; what runs is not that, deploy to mend it:${unlike}`}`;
}
