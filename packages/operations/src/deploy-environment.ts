import { composeProvider } from '@gitops/compose';
import {
  type DeployInput,
  type DeployResult,
  type DeployRun,
  deploy,
  deployFailed,
  type Environment,
  type Plan,
  type Reporter,
  type RepositoryView,
  startRun,
} from '@gitops/core';
import type { SopsKeys } from '@gitops/secrets';
import { CLOCK } from './clock.ts';
import { historyOf } from './history-of.ts';
import { openEnvironment } from './open-environment.ts';
import { type Credentials, openSession } from './open-session.ts';
import { openStackSecrets } from './open-stack-secrets.ts';
import { probing } from './probing.ts';

export interface DeployRequest
  extends Credentials,
    Pick<
      DeployInput,
      | 'mode'
      | 'planHash'
      | 'adopt'
      | 'approval'
      | 'breakGlass'
      | 'lockWaitMs'
      | 'onFailure'
      | 'trigger'
      | 'onBegin'
      | 'actor'
      | 'signal'
      | 'reporter'
    > {
  readonly workingDirectory: string;
  readonly environment: string;
  /** What opens the encrypted files of the stacks. */
  readonly sopsKeys: SopsKeys;
  readonly showPlan: (plan: Plan) => void;
}

/** How a deployment ended, and of what. Before the files could be read, commit and host are empty. */
export interface DeployReport {
  readonly result: DeployResult;
  readonly environment: string;
  readonly commit: string;
  readonly host: string;
  readonly timings: ReadonlyMap<string, number>;
}

/** Deploys the checked-out commit to one environment. Never throws: every end is a report. */
export async function deployEnvironment(request: DeployRequest): Promise<DeployReport> {
  const nowhere = { environment: request.environment, commit: '', host: '', timings: new Map() };
  try {
    const { workingDirectory, reporter } = request;
    const { view: encrypted, environment } = await openEnvironment(workingDirectory, request.environment, reporter);
    warnOfUncommitted(encrypted, reporter);
    const { view } = await openStackSecrets(encrypted, environment.stacks, request.sopsKeys, reporter);
    const run = startRun(deployInput(request, view, environment));
    const result = await Promise.race([deploy(run), cutShort(request.signal, run)]);
    return {
      result,
      environment: environment.name,
      commit: view.commit,
      host: environment.targets.map(({ host }) => host).join(', '),
      timings: run.timings,
    };
  } catch (error) {
    return { ...nowhere, result: deployFailed(error) };
  }
}

/** What a cancelled run may still do. The runner of GitHub gives it 7.5 s; after 6 s it has told how it ended. */
const LAST_MS = 5000;

/** A host that hangs must not keep a cancelled run: what has begun there it ends alone. Settles only then. */
async function cutShort(signal: AbortSignal, run: DeployRun): Promise<DeployResult> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const leave = () => setTimeout(resolve, LAST_MS).unref();
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, { once: true });
  await promise;
  return { ...deployFailed(signal.reason), ...(run.hasBegun() && { outcome: 'unknown' }) };
}

function deployInput(request: DeployRequest, view: RepositoryView, environment: Environment): DeployInput {
  return {
    ...request,
    environment,
    view,
    history: historyOf(view, environment.name),
    provider: composeProvider,
    connect: (scope, signal) => openSession(scope, request, signal),
    prober: probing(environment.health.probes),
    clock: CLOCK,
  };
}

function warnOfUncommitted({ uncommitted }: RepositoryView, reporter: Reporter): void {
  if (uncommitted.length === 0) return;
  const some = uncommitted.slice(0, 5).join(', ');
  const more = uncommitted.length > 5 ? ` and ${uncommitted.length - 5} more` : '';
  reporter.say(
    'warning',
    `Files differ from the commit and are deployed as they are: ${some}${more}. Commit them, so that git says what runs.`,
  );
}
