import { deploy } from '../deploy.ts';
import type { DeployResult } from '../deploy-result.ts';
import type { Environment, Plan } from '../model.ts';
import type { RepositoryView } from '../repository-view.ts';
import { type DeployInput, startRun } from '../run.ts';
import { desired, environment, imageId, release, service, target } from './desired-state.ts';
import { healthResult, live, liveOf, NOW } from './live-state.ts';
import { ManualClock } from './manual-clock.ts';
import { memoryProvider } from './memory-provider.ts';
import { type Call, type HostStory, MemorySession } from './memory-session.ts';
import { RecordingReporter } from './recording-reporter.ts';

const COMMIT = 'b'.repeat(40);

const web = service({ hasHealthcheck: true });
/** The next version of the service `web`. */
const web2 = service({ hasHealthcheck: true, image: 'example/web:2' });

/** What release 1 wants, and what the commit wants that is deployed. */
export const FIRST = desired({ services: [web] });
export const SECOND = desired({ services: [web2] });
/** `SECOND` with a health check that fails for good. */
export const SICK = liveOf(SECOND, {
  containers: liveOf(SECOND).containers.map((each) => ({
    ...each,
    health: healthResult('unhealthy', { output: 'no database', checkedAt: NOW }),
  })),
});
/** `SECOND` with an image that nobody asked for. */
export const WRONG_IMAGE = liveOf(SECOND, {
  containers: liveOf(SECOND).containers.map((each) => ({ ...each, imageId: imageId('other') })),
});

/** A host that runs release 1, on which the deployment of `SECOND` goes well. */
export function upgrade(said: Partial<HostStory> = {}): HostStory {
  const first = release({ desired: FIRST });
  return {
    before: liveOf(FIRST),
    desired: SECOND,
    after: liveOf(SECOND),
    ...said,
    recorded: {
      release: first,
      inputsDigest: first.inputsDigest,
      commit: first.commit,
      hmacKey: 'key',
      ...said.recorded,
    },
  };
}

/** A host that nobody has deployed to, on which a deployment goes well. */
export function firstDeployment(said: Partial<HostStory> = {}): HostStory {
  return { before: live(), desired: SECOND, after: liveOf(SECOND), ...said };
}

/** A host that runs what the commit says. */
export function nothingToDo(said: Partial<HostStory> = {}): HostStory {
  const current = release({
    desired: FIRST,
    inputsDigest: 'inputs of 2',
    desiredDigest: 'desired of 2',
    commit: COMMIT,
  });
  return upgrade({
    desired: FIRST,
    after: liveOf(FIRST),
    ...said,
    recorded: { release: current, inputsDigest: current.inputsDigest, commit: current.commit, ...said.recorded },
  });
}

/** How a deployment ended, and what was seen of it on the way. */
export interface Deployment extends Omit<Deployments, 'sessions' | 'log'> {
  readonly session: MemorySession;
}

/** The same of one to several hosts. */
export interface Deployments {
  readonly result: DeployResult;
  /** By name of the target. */
  readonly sessions: ReadonlyMap<string, MemorySession>;
  /** `TARGET CALL`, in the order in which they came. */
  readonly log: readonly string[];
  readonly reporter: RecordingReporter;
  readonly shown: readonly Plan[];
  readonly timings: ReadonlyMap<string, number>;
}

/** A checkout of commit `bbbbbbb…`. */
export const EMPTY_VIEW: RepositoryView = {
  root: '/',
  commit: COMMIT,
  prefix: '',
  ancestors: ['a'.repeat(40)],
  uncommitted: [],
  paths: async () => [],
  list: async () => [],
  stat: async () => undefined,
  read: async () => Buffer.alloc(0),
  isExecutable: async () => false,
};

/** Deploys commit `bbbbbbb…` to a host in memory, with a clock that waits for nobody. */
export async function deployment(story: HostStory, said: Partial<DeployInput> = {}): Promise<Deployment> {
  const { sessions, log: _, ...more } = await deploymentTo({ docker: story }, said);
  const [session = new MemorySession(story)] = sessions.values();
  return { ...more, session };
}

/** Deploys to several hosts in memory, by name of their targets. */
export async function deploymentTo(
  stories: Readonly<Record<string, HostStory>>,
  said: Partial<DeployInput> = {},
): Promise<Deployments> {
  const log: string[] = [];
  const sessions = sessionsOf(stories, log);
  const reporter = new RecordingReporter();
  const shown: Plan[] = [];
  const run = startRun({
    environment: environmentOn(Object.keys(stories)),
    view: EMPTY_VIEW,
    provider: memoryProvider(),
    connect: async ({ target: { name } }) => connected(stories[name], sessions.get(name)),
    prober: async () => [],
    reporter,
    clock: new ManualClock(),
    signal: new AbortController().signal,
    showPlan: (plan) => shown.push(plan),
    mode: 'apply',
    planHash: '',
    adopt: false,
    lockWaitMs: 0,
    onFailure: 'rollback',
    trigger: 'asked',
    onBegin: () => {},
    actor: 'anna@laptop',
    history: { since: async () => [COMMIT], requiredApprovals: async () => false },
    ...said,
  });
  return { result: await deploy(run), sessions, log, reporter, shown, timings: run.timings };
}

/** An environment whose targets run a stack `shop` each, at `<name>.example.com`. */
export function environmentOn(names: readonly string[]): Environment {
  const sorted = [...names].sort();
  return environment({
    targets: sorted.map((name) => target({ name, host: `${name}.example.com` })),
    stacks: sorted.map((name) => ({ name: 'shop', folder: '', target: name })),
  });
}

function sessionsOf(stories: Readonly<Record<string, HostStory>>, log: string[]): ReadonlyMap<string, MemorySession> {
  const sessions = Object.entries(stories).map(([name, story]) => {
    const onCall = (call: Call) => {
      log.push(`${name} ${call}`);
      story.onCall?.(call);
    };
    return [name, new MemorySession({ ...story, onCall }, `${name}.example.com`)] as const;
  });
  return new Map(sessions);
}

function connected(story: HostStory | undefined, session: MemorySession | undefined): MemorySession {
  if (!story || !session) throw new Error('every target has a story');
  if (story.unreachable) throw story.unreachable;
  return session;
}
