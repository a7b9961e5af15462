import { setTimeout as sleep } from 'node:timers/promises';
import { composeProvider } from '@gitops/compose';
import {
  type Clock,
  type DeployInput,
  type DeployResult,
  deploy,
  deployFailed,
  type Environment,
  type Plan,
  type Reporter,
  type RepositoryView,
  startRun,
} from '@gitops/core';
import { openEnvironment } from './open-environment.ts';
import { type Credentials, openSession } from './open-session.ts';
import { probing } from './probing.ts';

export interface DeployRequest
  extends Credentials,
    Pick<DeployInput, 'mode' | 'planHash' | 'adopt' | 'lockWaitMs' | 'onFailure' | 'actor' | 'signal' | 'reporter'> {
  readonly workingDirectory: string;
  readonly environment: string;
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

/** Time as it is. */
const CLOCK: Clock = {
  now: () => performance.now(),
  today: () => new Date(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, { signal });
  },
};

/** Deploys the checked-out commit to one environment. Never throws: every end is a report. */
export async function deployEnvironment(request: DeployRequest): Promise<DeployReport> {
  const nowhere = { environment: request.environment, commit: '', host: '', timings: new Map() };
  try {
    const { view, environment } = await openEnvironment(
      request.workingDirectory,
      request.environment,
      request.reporter,
    );
    warnOfUncommitted(view, request.reporter);
    const run = startRun(deployInput(request, view, environment));
    const result = await deploy(run);
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

function deployInput(request: DeployRequest, view: RepositoryView, environment: Environment): DeployInput {
  return {
    ...request,
    environment,
    view,
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
