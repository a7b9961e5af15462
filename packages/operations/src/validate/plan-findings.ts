import type { LintedStack } from '@gitops/compose';
import {
  ConfigurationError,
  type DeployResult,
  type Environment,
  type Finding,
  type GitopsError,
  type Place,
  planOutcomeOf,
} from '@gitops/core';

/** Where environment.yml names the host of a target; of any target, if it is not known which. */
export type HostPlace = (target: string | undefined) => Place;

interface PlanSeen {
  readonly environment: Environment;
  readonly stacks: readonly LintedStack[];
  readonly placeOf: HostPlace;
}

/** Whether a plan says what a host makes of the files, even where that is a refusal. */
export function isKnown({ error }: DeployResult): boolean {
  return !error || planOutcomeOf(error) !== 'unknown';
}

/** What keeps the plan of an environment from being carried out. */
export function planFindings(result: DeployResult, seen: PlanSeen): readonly Finding[] {
  const { error } = result;
  if (!error) return [];
  if (error instanceof ConfigurationError) return error.findings;
  if (!isKnown(result)) return [unreadableFinding(error, seen.placeOf(targetIn(error, seen.environment)))];
  const { attempted, seen: cause, remedy } = error;
  const message = `a deployment could not ${attempted}: ${cause}`;
  return [{ rule: 'host/refused', severity: 'error', ...placeOf(error, seen), message, remedy }];
}

export function unreadableFinding({ attempted, seen, remedy }: GitopsError, place: Place): Finding {
  const message = `what a merge would do is unknown: could not ${attempted}: ${seen}`;
  return { rule: 'host/unreadable', severity: 'error', ...place, message, remedy };
}

/** The first line of the main Compose file of the stack that it is about; else where the host is named. */
function placeOf(error: GitopsError, { environment, stacks, placeOf: placeOfHost }: PlanSeen): Place {
  const mentioned = stacks.filter(({ spec }) => mentions(error, spec.name));
  const [stack] = mentioned.length > 0 ? mentioned : stacks.length === 1 ? stacks : [];
  if (!stack || error.code === 'disk-full' || error.code.startsWith('compose-')) {
    return placeOfHost(targetIn(error, environment));
  }
  return { file: stack.project.placeOf([]).file, line: 1, column: 1 };
}

/** Errors name hosts as `user@host:port`, or as `host`. */
function targetIn(error: GitopsError, { targets }: Environment): string | undefined {
  const [only] = targets.length === 1 ? targets : [];
  const named = targets.find(({ user, host, port }) => textOf(error).includes(`${user}@${host}:${port}`));
  return (only ?? named ?? targets.find(({ host }) => textOf(error).includes(host)))?.name;
}

/** `name` consists of letters, digits, `-` and `_`. */
function mentions(error: GitopsError, name: string): boolean {
  return new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(textOf(error));
}

function textOf({ attempted, seen }: GitopsError): string {
  return `${attempted}\n${seen}`;
}
