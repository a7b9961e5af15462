import { cell } from './markdown.ts';
import type { EnvironmentPlan, PlanOutcome } from './plan-report.ts';
import { tallyPlans } from './tally.ts';

/** More of them are told by numbers. */
const MOST_NAMED = 4;
/** Longer names than any that a file system has are nobody's. */
const LONGEST_NAME = 80;

const WORDS: Readonly<Record<Exclude<PlanOutcome, 'planned' | 'refused'>, string>> = {
  unchanged: 'nothing',
  failed: 'would fail before any change',
  unknown: 'unknown',
  invalid: 'invalid',
};

/** One line that says what merging does, as Markdown without a heading's `#`. */
export function headline(environments: readonly EnvironmentPlan[]): string {
  const said = environments.length > MOST_NAMED ? together(environments) : eachOf(environments);
  return `${markOf(environments.map(({ outcome }) => outcome))} Plan: ${said}`;
}

/** Nothing that is not known is green. */
function markOf(outcomes: readonly PlanOutcome[]): string {
  if (outcomes.some((outcome) => STOPPED.has(outcome))) return '⛔';
  if (outcomes.includes('unknown') || outcomes.length === 0) return '❓';
  return outcomes.includes('planned') ? '📋' : '✅';
}

const STOPPED: ReadonlySet<PlanOutcome> = new Set(['refused', 'failed', 'invalid']);

function eachOf(environments: readonly EnvironmentPlan[]): string {
  if (environments.length === 0) return 'there is no environment';
  const [first, ...others] = environments.map((environment) => [phrase(environment), nameOf(environment)] as const);
  const begin = first?.[1] === undefined ? [] : [`${first[0]} in ${first[1]}`];
  return [...begin, ...others.map(([said, name]) => `${name}: ${said}`)].join('; ');
}

/** What is done in an environment, in a few words. */
export function phrase({ outcome, plan }: EnvironmentPlan): string {
  const said = plan ? tallyPlans([plan]) : 'nothing';
  if (outcome === 'planned') return said;
  if (outcome !== 'refused') return WORDS[outcome];
  const isBlocked = plan?.changes.some(({ risk }) => risk === 'blocked') ?? false;
  return isBlocked ? said : `refused: ${said}`;
}

function together(environments: readonly EnvironmentPlan[]): string {
  const planned = environments.filter(({ outcome }) => outcome === 'planned' || outcome === 'refused');
  const plans = planned.flatMap(({ plan }) => plan ?? []);
  const others = (['failed', 'unknown', 'invalid'] as const).flatMap((outcome) => {
    const count = environments.filter((each) => each.outcome === outcome).length;
    return count > 0 ? [`${count} ${outcome === 'failed' ? 'would fail' : WORDS[outcome]}`] : [];
  });
  return [`${tallyPlans(plans)} in ${planned.length} of ${environments.length} environments`, ...others].join('; ');
}

/** The name of an environment, as Markdown. */
export function nameOf({ environment }: EnvironmentPlan): string {
  const name = cell(environment.replace(/\s+/g, ' ').trim() || 'nameless');
  return name.length > LONGEST_NAME ? 'an environment with a long name' : name;
}
