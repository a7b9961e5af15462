import type { Change, CompileInput, Desired, DesiredService, Expectation, Live, Step, Transaction } from '@gitops/core';

/** Longest time Compose may take to make the project so, jobs and `service_healthy` conditions included. */
const UP_SECONDS = 900;
const DOCKER_SECONDS = 120;
/** No such profile is ever active. */
const NEVER = 'gitops-not-run-again';

/** The steps to the desired state and back to the recorded one, each as a whole. Pure. */
export function compile(input: CompileInput): Transaction {
  const { changes, desired, previous, release, previousRelease = '' } = input;
  const finished = finishedJobs(desired, changes);
  const finishedBefore = previous
    ? finished.filter((name) => previous.services.some((each) => each.name === name))
    : [];
  return {
    apply: [
      ...unpause(input.live),
      step('files', ['write_data', release, previousRelease]),
      up('up', release, 'apply.yml', []),
      ...forced(release, changes, input.live, desired),
      ...removals(changes, 'delete'),
    ],
    revert: previous ? backTo(previous, input, previousRelease) : toAbsent(desired, release),
    unwedge: previous ? [step('down', ['activate', previousRelease, '', 'down'], UP_SECONDS)] : [],
    expectAfterRevert: (previous?.services ?? []).map((service) => expectation(service, input.live)),
    overlays: {
      'apply.yml': overlay(desired, finished),
      ...(previous && { 'revert.yml': overlay(previous, finishedBefore) }),
    },
  };
}

function step(name: string, argv: readonly string[], timeoutSeconds = DOCKER_SECONDS): Step {
  return { name, argv, timeoutSeconds };
}

function up(name: string, release: string, overlayFile: string, words: readonly string[]): Step {
  const argv = ['activate', release, overlayFile, 'up', '-d', '--no-build', '--pull', 'never', ...words];
  return step(name, argv, UP_SECONDS);
}

/** Compose neither starts nor recreates what is paused. */
function unpause(live: Live): readonly Step[] {
  const paused = live.containers.filter(({ state }) => state === 'paused').map(({ id }) => id);
  return paused.length > 0 ? [step('unpause', ['docker', 'unpause', ...paused])] : [];
}

/** A container that Compose takes for up to date although a file it mounts was mended. */
function forced(release: string, changes: readonly Change[], live: Live, desired: Desired): readonly Step[] {
  const damaged = new Set(live.damagedObjects);
  const names = desired.services
    .filter(({ objects }) => objects.some((each) => damaged.has(each)))
    .map(({ name }) => name)
    .filter((name) => changes.some((change) => change.name === name && change.action === 'recreate'));
  return names.length > 0 ? [up('recreate', release, '', ['--force-recreate', '--no-deps', ...names])] : [];
}

/** Containers go one by one, then networks that nothing uses any more. */
function removals(changes: readonly Change[], action: 'delete' | 'create'): readonly Step[] {
  const gone = changes.filter((change) => change.action === action);
  return [
    ...gone
      .filter(({ kind }) => kind === 'service')
      .map(({ name }, index) => step(`remove-service-${index + 1}`, ['remove_service', name])),
    ...gone
      .filter(({ kind }) => kind === 'network')
      .map(({ name }, index) => step(`remove-network-${index + 1}`, ['remove_network', name])),
  ];
}

function backTo(
  previous: Desired,
  { changes, desired, release }: CompileInput,
  previousRelease: string,
): readonly Step[] {
  const names = new Set(previous.services.map(({ name }) => name));
  const added = desired.services.filter(({ name }) => !names.has(name));
  const networks = new Set(previous.networks.map(({ name }) => name));
  const created = changes.filter(
    ({ kind, action, name }) => kind === 'network' && action === 'create' && !networks.has(name),
  );
  return [
    step('files', ['write_data', previousRelease, release]),
    up('up', previousRelease, 'revert.yml', []),
    ...removeServices(added),
    ...created.map(({ name }, index) => step(`remove-network-${index + 1}`, ['remove_network', name])),
  ];
}

/** Before the first release there was nothing: containers and networks go, volumes stay. */
function toAbsent(desired: Desired, release: string): readonly Step[] {
  const networks = desired.networks.filter(({ external }) => !external);
  return [
    ...removeServices(desired.services),
    ...networks.map(({ name }, index) => step(`remove-network-${index + 1}`, ['remove_network', name])),
    step('files', ['write_data', 'none', release]),
  ];
}

function removeServices(services: readonly DesiredService[]): readonly Step[] {
  return services.map(({ name }, index) => step(`remove-service-${index + 1}`, ['remove_service', name]));
}

/** Going back can't make a service run that did not run before. */
function expectation({ name, configHash, imageId, replicas, role }: DesiredService, live: Live): Expectation {
  const ran = live.containers.some(({ service, state }) => service === name && state === 'running');
  return { service: name, configHash, imageId, replicas, role: role === 'service' && !ran ? 'optional' : role };
}

/** `up` would start a job again that is done; its profile is put out of reach for this one call. */
function finishedJobs(desired: Desired, changes: readonly Change[]): readonly string[] {
  const untouched = new Set(
    changes.filter(({ kind, action }) => kind === 'service' && action === 'none').map(({ name }) => name),
  );
  return desired.services.filter(({ name, role }) => role === 'job' && untouched.has(name)).map(({ name }) => name);
}

function overlay(desired: Desired, finished: readonly string[]): string {
  const services: Record<string, unknown> = {};
  for (const name of finished) services[name] = { profiles: [NEVER] };
  for (const { name, definition } of desired.services) {
    const waits = finished.filter((job) => job in dependencies(definition));
    if (waits.length > 0)
      services[name] = { ...(finished.includes(name) && { profiles: [NEVER] }), depends_on: optional(waits) };
  }
  return JSON.stringify({ services });
}

function dependencies(definition: Readonly<Record<string, unknown>>): object {
  const { depends_on: said } = definition;
  return typeof said === 'object' && said !== null ? said : {};
}

function optional(jobs: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(jobs.map((job) => [job, { condition: 'service_completed_successfully', required: false }]));
}
