import type { LeaseHolder } from '@gitops/core';
import { GitopsError } from '@gitops/core';
import { type Locked, lockEnvironment, readLocks, type Unlocked, unlockEnvironment } from '@gitops/operations';
import { readDuration } from './duration-option.ts';
import { askOn, tellTargets } from './on-targets.ts';
import type { ReadOptions } from './status-command.ts';
import type { Screen } from './terminal-reporter.ts';

/** `gitops lock show`: who holds the lease of each target. */
export async function lockShowCommand(environment: string, options: ReadOptions, screen: Screen): Promise<number> {
  const asked = await askOn(environment, options, screen);
  return tellTargets(asked, await readLocks(asked.request), lockedText, options, screen);
}

function lockedText({ lease, transaction }: Locked): string {
  const going = transaction ? `; transaction ${transaction.id} is ${transaction.state}` : '';
  return `${lease ? heldText(lease) : 'free'}${going}`;
}

function heldText({ fence, holder, reason, since, purpose }: LeaseHolder): string {
  const until = purpose === 'human' ? 'until somebody releases it' : 'until that run ends';
  return `lease ${fence} is held by ${holder} (${reason}) since ${since}, ${until}`;
}

export interface AcquireOptions extends ReadOptions {
  readonly reason: string;
  readonly lockWait: string;
}

/** `gitops lock acquire`: takes the lease of every target for the person who runs it. */
export async function lockAcquireCommand(
  environment: string,
  options: AcquireOptions,
  screen: Screen,
): Promise<number> {
  const lockWaitMs = readDuration('--lock-wait', options.lockWait);
  if (options.reason.trim() === '') throw noReason();
  const asked = await askOn(environment, options, screen);
  const taken = await lockEnvironment({ ...asked.request, reason: options.reason, lockWaitMs });
  const results = taken.map(({ scope, lease }) => ({ scope, result: { lease } }));
  const code = tellTargets(asked, results, lockedText, options, screen);
  if (!options.json) screen.write(`Nothing is deployed until \`gitops lock release ${environment}\`.\n`);
  return code;
}

function noReason(): GitopsError {
  return new GitopsError('input', {
    attempted: 'read --reason',
    seen: 'it is empty',
    remedy: 'say why, for those who are refused: --reason "moving the database"',
  });
}

export interface ReleaseOptions extends ReadOptions {
  readonly reason?: string;
}

/** `gitops lock release`: gives back what a person has taken. */
export async function lockReleaseCommand(
  environment: string,
  options: ReleaseOptions,
  screen: Screen,
): Promise<number> {
  const asked = await askOn(environment, options, screen);
  const targets = await unlockEnvironment({ ...asked.request, reason: options.reason ?? '' });
  return tellTargets(asked, targets, unlockedText, options, screen);
}

function unlockedText({ released }: Unlocked): string {
  return released
    ? `released lease ${released.fence}, which ${released.holder} had taken (${released.reason})`
    : 'was free';
}
