import { ComposeSession, composeProvider, type LintedStack, preflight } from '@gitops/compose';
import {
  type DeployResult,
  deploy,
  deployFailed,
  type Environment,
  type Finding,
  type GitopsError,
  type Reporter,
  type RepositoryView,
  readEnvironmentFile,
  type Scope,
  scopesOf,
  startRun,
} from '@gitops/core';
import type { Connection } from '@gitops/host';
import pMap from 'p-map';
import { CLOCK } from '../clock.ts';
import { type Credentials, openConnection } from '../open-session.ts';
import { unreadable } from '../unreadable.ts';
import { type Base, changedTargets, mayAskRegistry, trustedLogins } from './base-trust.ts';
import { type HostPlace, isKnown, planFindings, unreadableFinding } from './plan-findings.ts';
import { shownFindings } from './shown-findings.ts';

export interface TargetCheckRequest extends Credentials {
  readonly environment: Environment;
  /** With its secrets opened. */
  readonly view: RepositoryView;
  readonly stacks: readonly LintedStack[];
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
  readonly actor: string;
  /** Of a pull request. Left out: the files are trusted. */
  readonly base?: Base;
}

export interface TargetChecks {
  /** Of mode `plan`; `unknown` if a host could not be read. */
  readonly plan: DeployResult;
  readonly findings: readonly Finding[];
}

const SIDE_BY_SIDE = 20;

/** Says what merging would do on the hosts of an environment, and what they lack for it. Read-only there. Never throws. */
export async function checkTargets(request: TargetCheckRequest): Promise<TargetChecks> {
  const { reporter, environment } = request;
  const { plan, findings } = await check(request).catch((error: unknown) => {
    const plan = unknown(error);
    const placeOf = () => ({ file: fileOf(environment) });
    return { plan, findings: planFindings(plan, { environment, stacks: [], placeOf }) };
  });
  return { plan, findings: shownFindings(findings, reporter) };
}

async function check(request: TargetCheckRequest): Promise<TargetChecks> {
  const { environment, base } = request;
  const placeOf = await hostPlaces(request);
  const changed = changedTargets(environment, base);
  if (changed.length > 0) return notAsked(changed.map(({ name }) => placeOf(name)));
  await using closing = new AsyncDisposableStack();
  const targets = await openTargets(request, closing);
  const [plan, found] = await Promise.all([
    planOver(request, targets),
    pMap(targets, (target) => preflightOf(request, target, placeOf), { concurrency: SIDE_BY_SIDE }),
  ]);
  const outcome = isKnown(plan) ? plan.outcome : 'unknown';
  // What cut one short has cut the other short too.
  const isTold = targets.some(({ error }) => error !== undefined);
  const ofPlan = isTold ? [] : planFindings(plan, { environment, stacks: request.stacks, placeOf });
  return { plan: { ...plan, outcome }, findings: [...ofPlan, ...found.flat()] };
}

function notAsked(places: readonly ReturnType<HostPlace>[]): TargetChecks {
  const message =
    'the address of the host, the keys it is known by, or whose records are read there differ from the base branch, so it is not asked before somebody has reviewed that';
  const remedy = 'review the change with care, and see the plan after the merge';
  const plan = unknown(new Error('the hosts were not asked, as the change says another way to them'));
  return {
    plan,
    findings: places.map((place) => ({ rule: 'host/not-asked', severity: 'warning', ...place, message, remedy })),
  };
}

function unknown(error: unknown): DeployResult {
  return { ...deployFailed(error), outcome: 'unknown' };
}

/** A target, and the one connection that all is asked over. */
type Target = { readonly scope: Scope } & (
  | { readonly connection: Connection; readonly error?: never }
  | { readonly error: GitopsError; readonly connection?: never }
);

function openTargets(request: TargetCheckRequest, closing: AsyncDisposableStack): Promise<readonly Target[]> {
  const open = async (scope: Scope): Promise<Target> => {
    try {
      return { scope, connection: closing.use(await openConnection(scope, request, request.signal)) };
    } catch (error) {
      return { scope, error: unreadable('not-read', 'connect to', scope, error) };
    }
  };
  return pMap(scopesOf(request.environment), open, { concurrency: SIDE_BY_SIDE });
}

function planOver(request: TargetCheckRequest, targets: readonly Target[]): Promise<DeployResult> {
  const connect = async (scope: Scope, signal: AbortSignal) => {
    const target = targets.find((each) => each.scope.target.name === scope.target.name);
    if (!target?.connection) throw target?.error;
    return new ComposeSession(lent(target.connection), scope, signal);
  };
  return deploy(
    startRun({
      ...request,
      connect,
      reporter: withoutFindings(request.reporter),
      provider: composeProvider,
      clock: CLOCK,
      // A plan is about what would change, not about how well it runs.
      prober: async () => [],
      mode: 'plan',
      isBeforeMerge: true,
      planHash: '',
      adopt: false,
      lockWaitMs: 0,
      onFailure: 'rollback',
      trigger: 'asked',
      onBegin: () => undefined,
      showPlan: () => undefined,
    }),
  );
}

/** Whoever gets it may close it; it stays open. */
function lent(connection: Connection): Connection {
  return { ...connection, close: () => undefined, [Symbol.asyncDispose]: async () => undefined };
}

/** What the files say has been told by who asks. */
function withoutFindings(reporter: Reporter): Reporter {
  return {
    mask: (values) => reporter.mask(values),
    redact: (text) => reporter.redact(text),
    say: (level, message) => reporter.say(level, message),
    findings: () => undefined,
    group: (title, work) => reporter.group(title, work),
    detail: (line) => reporter.detail(line),
  };
}

async function preflightOf(
  { environment, view, stacks, base, signal, reporter }: TargetCheckRequest,
  { scope, connection, error }: Target,
  placeOf: HostPlace,
): Promise<readonly Finding[]> {
  const { name, stateDir } = scope.target;
  const place = placeOf(name);
  if (error) return [unreadableFinding(error, place)];
  try {
    const { declared, secrets } = await composeProvider.load(view, scope);
    reporter.mask(secrets);
    return await preflight({
      connection,
      stacks: stacks.filter(({ spec }) => spec.target === name),
      stateDir,
      place,
      logins: trustedLogins(declared?.registries ?? [], environment, base),
      // What a name holds goes to whoever keeps that registry.
      mayAsk: (registry, reference) => mayAskRegistry(registry, base) && reporter.redact(reference) === reference,
      signal,
    });
  } catch (failure) {
    return [unreadableFinding(unreadable('not-read', 'look at', scope, failure), place)];
  }
}

async function hostPlaces({ view, environment }: TargetCheckRequest): Promise<HostPlace> {
  const file = fileOf(environment);
  const text = await view.read(file);
  const { root } = readEnvironmentFile(file, text.toString('utf8')).source;
  return (target) => ({
    file,
    ...root?.at(target === undefined ? ['targets'] : ['targets', target, 'host'])?.position,
  });
}

function fileOf({ name }: Environment): string {
  return `environments/${name}/environment.yml`;
}
