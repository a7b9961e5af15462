import { type Adoption, type DataPath, type Desired, keyOf, type Release, type Scope } from '@gitops/core';
import { type Connection, PROGRAMS, splitParts } from '@gitops/host';
import { hashesOf } from '../hashes.ts';
import { describeDesired, joinsAnother, type PinnedStack } from '../pin.ts';
import type { Rendered } from '../rendered.ts';
import { secretEnvironment } from '../secret-values.ts';
import { adoptedFiles } from './adopted-files.ts';
import { type HandMade, readHandMade } from './hand-made.ts';
import { type ReleaseZero, releaseZero } from './release-zero.ts';
import { writableBinds } from './writable-binds.ts';

const ADOPT_MS = 120_000;
/** Nobody committed what runs. */
const NO_COMMIT = '0'.repeat(40);

export interface AdoptInput {
  readonly connection: Connection;
  readonly scope: Scope;
  readonly stacks: readonly string[];
  /** The release that goes on beside them. */
  readonly before: Release | undefined;
}

/** One project that somebody started by hand. */
export interface AdoptedStack {
  readonly stack: string;
  readonly handMade: HandMade;
  readonly zero: ReleaseZero;
  /** What `docker inspect` said of its containers. */
  readonly inspection: string;
}

/** Reads the projects that run without a record, and makes a release of them and of the stacks that were deployed before. */
export async function adoptStacks(input: AdoptInput): Promise<Adoption> {
  const adopted = await Promise.all(input.stacks.map((stack) => readStack(input, stack)));
  const hashes = await hashesOf(
    input.connection,
    adopted.map(({ stack, zero }) => ({ stack, pinned: zero.model, env: Buffer.alloc(0) })),
  );
  const found = describeDesired(adopted.map((each) => pinnedStack(each, hashes)));
  const release = releaseOf(input, beside(input.before?.desired, found));
  return {
    release,
    ...(input.before && { before: input.before }),
    files: adoptedFiles(release, input.before, adopted),
    warnings: adopted.flatMap(({ zero }) => zero.warnings),
    secrets: adopted.flatMap(({ zero }) => secretEnvironment(zero.model)),
  };
}

async function readStack({ connection }: AdoptInput, stack: string): Promise<AdoptedStack> {
  const { stdout } = await connection.run({
    what: `read what runs of ${stack}`,
    script: PROGRAMS.adopt,
    args: [stack],
    timeoutMs: ADOPT_MS,
  });
  const parts = splitParts(stdout.toString('utf8'));
  const handMade = readHandMade(parts, connection.label);
  return { stack, handMade, zero: releaseZero(handMade), inspection: parts.get('containers') ?? '[]' };
}

function pinnedStack({ stack, handMade, zero }: AdoptedStack, hashes: ReadonlyMap<string, string>): PinnedStack {
  const { model, images } = zero;
  const dataPaths = dataPathsOf(stack, handMade);
  return {
    stack,
    bound: { model, objects: [], data: [], dataFolders: [], dataPaths, hostPaths: [], objectsOf: new Map() },
    pinned: model,
    env: Buffer.alloc(0),
    ids: new Map(images.map(({ service, id }) => [keyOf({ stack, name: service }), id])),
    hashes: withoutJoined(stack, model, hashes),
    declaredServices: Object.keys(model.services),
  };
}

/** Their hash holds the id of another container, so it is another one each time: any will do. */
function withoutJoined(
  stack: string,
  { services }: Rendered,
  hashes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const joined = Object.entries(services).filter(([, service]) => joinsAnother(service));
  const keys = new Set(joined.map(([name]) => keyOf({ stack, name })));
  return new Map([...hashes].filter(([key]) => !keys.has(key)));
}

/** Below the folder of the project's files, a path is what the repository's Compose file will call it too. */
function dataPathsOf(stack: string, handMade: HandMade): readonly DataPath[] {
  return writableBinds(handMade).flatMap(({ relative, source }) =>
    relative === undefined ? [] : [{ stack, path: relative, source }],
  );
}

function beside(before: Desired | undefined, found: Desired): Desired {
  if (!before) return found;
  return {
    stacks: [...before.stacks, ...found.stacks],
    services: [...before.services, ...found.services],
    networks: [...before.networks, ...found.networks],
    volumes: [...before.volumes, ...found.volumes],
    objects: before.objects,
    data: [...before.data, ...found.data],
    inactiveServices: before.inactiveServices,
    hostPaths: before.hostPaths,
  };
}

function releaseOf({ scope, before }: AdoptInput, desired: Desired): Release {
  const number = before ? before.number + 1 : 0;
  return {
    name: `${number}-${NO_COMMIT.slice(0, 7)}`,
    number,
    commit: NO_COMMIT,
    ancestors: [],
    inputsDigest: '',
    createdAt: new Date().toISOString(),
    actor: 'by hand',
    composeVersion: '',
    engineVersion: '',
    verdict: 'unknown',
    health: scope.environment.health,
    desired,
    desiredDigest: '',
  };
}
