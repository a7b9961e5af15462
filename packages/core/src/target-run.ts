import pMap from 'p-map';
import type { Clearance } from './approvals.ts';
import type { Seen } from './deploy-result.ts';
import { ConfigurationError, messageOf } from './errors.ts';
import type { Desired, Plan, Scope } from './model.ts';
import type { Adoption, Declared, Lease, Loaded, Prepared, TargetSession } from './ports.ts';
import { type DeployRun, scopesOf } from './run.ts';

/** One target of a run, connected. */
export interface OpenTarget {
  readonly scope: Scope;
  readonly declared: Declared;
  readonly session: TargetSession;
}

/** … with what is recorded and runs there. */
export interface SeenTarget extends OpenTarget {
  readonly seen: Seen;
  readonly lease?: Lease;
  /** What ran here without having been deployed from here; `seen` has it in place of a recorded release. */
  readonly adoption?: Adoption;
}

/** … with the right to change it. */
export interface LeasedTarget extends SeenTarget {
  readonly lease: Lease;
}

/** … with what is to become of it. */
export interface PlannedTarget extends LeasedTarget {
  readonly prepared: Prepared;
  readonly desired: Desired;
  readonly plan: Plan;
  /** Left out where nobody had to agree. */
  readonly clearance?: Clearance;
}

/** So many hosts are worked on at the same time. */
const SIDE_BY_SIDE = 20;

/** Does the same on every target, side by side. All are waited for; the first failure is thrown, others are told, each once. */
export async function onEach<Target, Result>(
  run: DeployRun,
  targets: readonly Target[],
  work: (target: Target) => Promise<Result>,
  concurrency = SIDE_BY_SIDE,
): Promise<readonly Result[]> {
  const settled = await pMap(targets, (target) => settle(work(target)), { concurrency });
  const failures = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  const [first, ...others] = new Set(failures.map(messageOf));
  for (const message of others) run.reporter.say('error', message);
  if (first !== undefined) throw failures[0];
  return settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
}

async function settle<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const [settled] = await Promise.allSettled([promise]);
  return settled;
}

/** Loads and connects every target, side by side, as neither needs the other; what the files say is told first. */
export async function openTargets(run: DeployRun, closing: AsyncDisposableStack): Promise<readonly OpenTarget[]> {
  const scopes = scopesOf(run.environment).map((scope) => ({ scope }));
  const [loaded, connected] = await Promise.allSettled([
    run.timed('load', () => loadAll(run, scopes)),
    run.timed('connect', () => onEach(run, scopes, ({ scope }) => connect(run, scope, closing))),
  ]);
  if (loaded.status === 'rejected') throw loaded.reason;
  if (connected.status === 'rejected') throw connected.reason;
  return connected.value.flatMap((session, index) => {
    const [scope, declared] = [scopes[index]?.scope, loaded.value[index]];
    return scope && declared ? [{ scope, declared, session }] : [];
  });
}

async function connect(run: DeployRun, scope: Scope, closing: AsyncDisposableStack): Promise<TargetSession> {
  return closing.use(await run.connect(scope, run.signal));
}

/** Throws `ConfigurationError` with the findings of all targets. */
async function loadAll(run: DeployRun, scopes: readonly { readonly scope: Scope }[]): Promise<readonly Declared[]> {
  const all = await onEach(run, scopes, ({ scope }) => load(run, scope));
  const declared = all.flatMap((each) => each.declared ?? []);
  if (declared.length < all.length) {
    throw new ConfigurationError(
      all.flatMap(({ findings }) => findings),
      run.view.prefix,
    );
  }
  return declared;
}

async function load(run: DeployRun, scope: Scope): Promise<Loaded> {
  const loaded = await run.provider.load(run.view, scope);
  run.reporter.mask(loaded.secrets);
  const notable = loaded.findings.filter(({ severity }) => severity !== 'error');
  run.reporter.findings(notable, run.view.prefix);
  return loaded;
}
