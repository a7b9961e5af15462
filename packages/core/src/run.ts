import { ConfigurationError } from './errors.ts';
import type { Baseline } from './health.ts';
import type { DesiredService, Environment, Live, Plan } from './model.ts';
import type { Clock, Declared, Lease, Prober, Provider, Reporter, TargetSession } from './ports.ts';
import type { RepositoryView } from './repository-view.ts';
import type { WatchInput } from './watch.ts';

/** What was asked for, and the parts of the world it is done with. */
export interface DeployInput {
  readonly environment: Environment;
  readonly view: RepositoryView;
  readonly provider: Provider;
  readonly connect: (signal: AbortSignal) => Promise<TargetSession>;
  readonly prober: Prober;
  readonly reporter: Reporter;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly showPlan: (plan: Plan) => void;
  readonly mode: 'apply' | 'plan';
  /** Empty: any plan will do. */
  readonly planHash: string;
  readonly lockWaitMs: number;
  readonly onFailure: 'rollback' | 'freeze';
  /** Who asked, e.g. `octocat, https://github.com/…/runs/1` or `anna@laptop`. */
  readonly actor: string;
}

/** One run: the input, and the few things that every step of the way needs. */
export interface DeployRun extends Omit<DeployInput, 'connect'> {
  readonly commit: string;
  /** Throws `ConfigurationError`. */
  load(): Promise<Declared>;
  connect(): Promise<TargetSession>;
  claim(session: TargetSession): Promise<Lease>;
  /** The fence of the lease this run holds, 0 if none. */
  ownFence(): number;
  watching(services: readonly DesiredService[], observe: () => Promise<Live>, baseline: Baseline): WatchInput;
  timed<T>(phase: string, work: () => Promise<T>): Promise<T>;
  /** Milliseconds by phase. */
  readonly timings: ReadonlyMap<string, number>;
}

/** A third of what it takes a lease to expire. */
const LONGEST_RENEWAL_MS = 10_000;

/** Makes a run of an input. */
export function startRun(input: DeployInput): DeployRun {
  const timings = new Map<string, number>();
  const { environment, view, provider, reporter, clock, signal } = input;
  let fence = 0;
  return {
    ...input,
    commit: view.commit,
    timings,
    ownFence: () => fence,
    connect: () => input.connect(signal),
    async load() {
      const loaded = await provider.load(view, environment);
      reporter.mask(loaded.secrets);
      for (const finding of loaded.findings) if (finding.severity !== 'error') reporter.finding(finding);
      if (loaded.declared === undefined) throw new ConfigurationError(loaded.findings);
      return loaded.declared;
    },
    async claim(session) {
      const lease = await session.claim({
        holder: {
          holder: input.actor,
          reason: `deploy ${environment.name}`,
          since: clock.today().toISOString(),
          commit: view.commit,
        },
        waitMs: input.lockWaitMs,
        renewalMs: Math.min(LONGEST_RENEWAL_MS, environment.health.confirmTimeoutMs / 3),
        signal,
        onBusy: ({ holder, reason, since }) =>
          reporter.say('info', `Waiting for ${holder} (${reason}, since ${since}).`),
      });
      fence = lease.fence;
      return lease;
    },
    watching: (services, observe, baseline) => ({
      services,
      observe,
      baseline,
      clock,
      reporter,
      signal,
      spec: environment.health,
      probe: input.prober,
    }),
    timed: (phase, work) => timed(timings, clock, phase, () => titled(reporter, phase, work)),
  };
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
