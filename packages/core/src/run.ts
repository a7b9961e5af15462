import type { Environment, Plan, Scope } from './model.ts';
import type { ApprovalCheck, Clock, History, Prober, Provider, Reporter, TargetSession } from './ports.ts';
import type { RepositoryView } from './repository-view.ts';

/** What was asked for, and the parts of the world it is done with. */
export interface DeployInput {
  readonly environment: Environment;
  readonly view: RepositoryView;
  readonly provider: Provider;
  readonly connect: (scope: Scope, signal: AbortSignal) => Promise<TargetSession>;
  readonly prober: Prober;
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly showPlan: (plan: Plan) => void;
  readonly mode: 'apply' | 'plan';
  /** Empty: any plan will do. */
  readonly planHash: string;
  /** Whether a running project that was not deployed from here may be taken over. */
  readonly adopt: boolean;
  /** Asks whether a commit was approved. Left out: there is nobody to ask. */
  readonly approval?: ApprovalCheck;
  /** Says what has to be approved with the commit. Left out: nobody can tell, and that is no approval where something was deployed before. */
  readonly history?: History;
  /** Of a plan of what is not merged yet, and so can't be approved: it leaves the approval out. A deployment never does. */
  readonly isBeforeMerge?: boolean;
  /** Why somebody deploys without the approval that is required; left out or empty: they do not. */
  readonly breakGlass?: string;
  readonly lockWaitMs: number;
  readonly onFailure: 'rollback' | 'freeze';
  /** By a schedule, which stops at a held commit, or by somebody. */
  readonly trigger: 'scheduled' | 'asked';
  /** Called before the first change on any host. */
  readonly onBegin: () => void;
  /** Who asked, e.g. `octocat, https://github.com/…/runs/1` or `anna@laptop`. */
  readonly actor: string;
}

/** One run: the input, and the few things that every step of the way needs. */
export interface DeployRun extends DeployInput {
  readonly commit: string;
  /** Whether it reaches more than one target, which are then told apart by name. */
  readonly many: boolean;
  /** Whether something may have been changed on a host. */
  hasBegun(): boolean;
  timed<T>(phase: string, work: () => Promise<T>): Promise<T>;
  /** Milliseconds by phase. */
  readonly timings: ReadonlyMap<string, number>;
}

/** Makes a run of an input. */
export function startRun(input: DeployInput): DeployRun {
  const timings = new Map<string, number>();
  const { view, reporter, clock, environment } = input;
  let hasBegun = false;
  return {
    ...input,
    onBegin: () => {
      hasBegun = true;
      input.onBegin();
    },
    hasBegun: () => hasBegun,
    commit: view.commit,
    many: environment.targets.length > 1,
    timings,
    timed: (phase, work) => timed(timings, clock, phase, () => titled(reporter, phase, work)),
  };
}

/** What the environment says of each of its targets, in the order of their names. */
export function scopesOf(environment: Environment): readonly Scope[] {
  return environment.targets.map((target) => ({
    environment,
    target,
    stacks: environment.stacks.filter((stack) => stack.target === target.name),
  }));
}

/** Phases that take their time are told as parts of their own. */
const TITLES: Readonly<Record<string, string>> = {
  recover: 'Recover what an earlier run left',
  apply: 'Apply',
  watch: 'Watch',
};

function titled<T>(reporter: Reporter, phase: string, work: () => Promise<T>): Promise<T> {
  const title = TITLES[phase];
  return title === undefined ? work() : reporter.group(title, work);
}

async function timed<T>(timings: Map<string, number>, clock: Clock, phase: string, work: () => Promise<T>): Promise<T> {
  const start = clock.now();
  try {
    return await work();
  } finally {
    timings.set(phase, (timings.get(phase) ?? 0) + clock.now() - start);
  }
}
