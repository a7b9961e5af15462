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
      // Before `up`: what is renamed or stopped gives its ports and names free.
      ...removeServices([...deleted(changes, 'service'), ...emptied(desired, input.live)]),
      up('up', release, 'apply.yml', []),
      ...forced(release, changes, input.live, desired),
      ...removeNetworks(deleted(changes, 'network')),
    ],
    revert: previous ? backTo(previous, input, previousRelease) : toAbsent(desired, release),
    unwedge: previous ? unwedge(previous, input, previousRelease) : [],
    expectAfterRevert: (previous?.services ?? []).map((service) => expectation(service, input.live)),
    toleratedAfterRevert: tolerated(input),
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
  return step(name, ['activate', ...upWords(release, overlayFile), ...words], UP_SECONDS);
}

function upWords(release: string, overlayFile: string): readonly string[] {
  return [release, overlayFile, 'up', '-d', '--no-build', '--pull', 'never'];
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

function deleted(changes: readonly Change[], kind: Change['kind']): readonly string[] {
  return changes.filter((change) => change.kind === kind && change.action === 'delete').map(({ name }) => name);
}

/** Compose fails on a service that is scaled to none while it has containers. */
function emptied(desired: Desired, live: Live): readonly string[] {
  const none = desired.services.filter(({ replicas }) => replicas === 0).map(({ name }) => name);
  return none.filter((name) => live.containers.some(({ service }) => service === name));
}

/** First what was added, as it may hold a port of what comes back. */
function backTo(
  previous: Desired,
  { changes, desired, live, release }: CompileInput,
  previousRelease: string,
): readonly Step[] {
  const names = new Set(previous.services.map(({ name }) => name));
  const added = desired.services.map(({ name }) => name).filter((name) => !names.has(name));
  const networks = new Set(previous.networks.map(({ name }) => name));
  const created = changes.filter(
    ({ kind, action, name }) => kind === 'network' && action === 'create' && !networks.has(name),
  );
  return [
    step('files', ['write_data', previousRelease, release]),
    ...removeServices(added),
    up('up', previousRelease, 'revert.yml', []),
    ...afterStops(previous, changes, live, previousRelease),
    ...removeNetworks(created.map(({ name }) => name)),
  ];
}

/** Containers of changed services may be stopping although whoever asked for it is gone; `up` takes them for running. */
function afterStops(
  previous: Desired,
  changes: readonly Change[],
  live: Live,
  previousRelease: string,
): readonly Step[] {
  const changed = new Set(touched(changes));
  const ids = live.containers
    .filter(({ service, state }) => changed.has(service) && state === 'running')
    .map(({ id }) => id);
  if (ids.length === 0) return [];
  const changedBefore = previous.services.filter(({ name }) => changed.has(name));
  const grace = Math.max(...changedBefore.map(stopGraceSeconds), SHORTEST_GRACE_SECONDS);
  return [
    step('stops', ['await_stops', String(grace), ...ids], grace + DOCKER_SECONDS),
    step('up-again', ['activate_again', ...upWords(previousRelease, 'revert.yml')], UP_SECONDS),
  ];
}

/** Docker's default of 10 s, and a little for the stop itself. */
const SHORTEST_GRACE_SECONDS = 12;

/** `stop_grace_period` as Compose renders it: `1m30s`. */
function stopGraceSeconds({ definition }: DesiredService): number {
  const { stop_grace_period: said } = definition;
  const [, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d+)h)?(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(String(said)) ?? [];
  return Math.ceil(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) + 2;
}

/** Only what this transaction touches is taken down; a wedged network alone needs the whole project to let go of it. */
function unwedge(previous: Desired, { changes }: CompileInput, previousRelease: string): readonly Step[] {
  const isWedged = changes.some(({ kind, action }) => kind === 'network' && action === 'recreate');
  if (isWedged) return [step('down', ['activate', previousRelease, '', 'down'], UP_SECONDS)];
  const known = new Set(previous.services.map(({ name }) => name));
  return removeServices(touched(changes).filter((name) => known.has(name)));
}

function touched(changes: readonly Change[]): readonly string[] {
  return changes.filter(({ kind, action }) => kind === 'service' && action !== 'none').map(({ name }) => name);
}

/** Before the first release there was nothing: containers and networks go, volumes stay. */
function toAbsent(desired: Desired, release: string): readonly Step[] {
  const networks = desired.networks.filter(({ external }) => !external);
  return [
    ...removeServices(desired.services.map(({ name }) => name)),
    ...removeNetworks(networks.map(({ name }) => name)),
    step('files', ['write_data', 'none', release]),
  ];
}

function removeServices(names: readonly string[]): readonly Step[] {
  return names.map((name, index) => step(`remove-service-${index + 1}`, ['remove_service', name]));
}

function removeNetworks(names: readonly string[]): readonly Step[] {
  return names.map((name, index) => step(`remove-network-${index + 1}`, ['remove_network', name]));
}

/** Profile services started by hand, and strays that were there before, are no reason to call a revert failed. */
function tolerated({ previous, live }: CompileInput): readonly string[] {
  if (!previous) return [];
  const expected = new Set(previous.services.map(({ name }) => name));
  const found = live.containers.map(({ service }) => service).filter((name) => !expected.has(name));
  return [...new Set([...previous.inactiveServices, ...found])];
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
