import { GitopsError, type RegistryLogin } from '@gitops/core';
import { type Connection, PROGRAMS, splitParts } from '@gitops/host';
import pMap from 'p-map';
import { failureWords } from './docker-words.ts';
import { registryOf } from './image-registry.ts';
import { type ImageFact, type ImageFacts, parseImages } from './images.ts';
import { type PullFailure, pullFailureMeaning, pullFailureRemedy } from './pull-failure.ts';
import { configurationFor } from './registries.ts';

const PULL_SECONDS = 600;
/** Docker itself fetches three layers of an image at a time. */
const SIDE_BY_SIDE = 3;
const STILL_EVERY_MS = 15_000;

export interface PullInput {
  readonly connection: Connection;
  /** Where a login may lie while an image is pulled. */
  readonly staging: string;
  readonly logins: readonly RegistryLogin[];
  /** References of services with a `build:`. */
  readonly built: ReadonlySet<string>;
  /** Where registries are written, for messages. */
  readonly environmentFile: string;
  readonly signal?: AbortSignal;
  /** Hears how the pulls are getting on. */
  readonly tell: (line: string) => void;
}

/**
 * Pulls images, a few at a time. One that is here but can't be pulled is used, with a warning; one that is missing throws
 * `GitopsError` `image-not-pulled`.
 */
export async function pullImages(
  input: PullInput,
  references: readonly string[],
  here: ImageFacts,
): Promise<{ facts: ImageFacts; warnings: readonly string[] }> {
  const pulled = await pMap(references, (reference) => pullOne(input, reference), { concurrency: SIDE_BY_SIDE });
  const facts = new Map([...here, ...pulled.flatMap(({ facts: found }) => [...found])]);
  const failures = pulled.flatMap(({ failure }) => failure ?? []);
  const missing = failures.filter(({ reference }) => !facts.has(reference));
  if (missing.length > 0) throw notPulled(input, missing);
  return { facts, warnings: failures.map(usedAsItIs) };
}

interface Pulled {
  readonly facts: ReadonlyMap<string, ImageFact>;
  readonly failure?: PullFailure;
}

async function pullOne(input: PullInput, reference: string): Promise<Pulled> {
  const { connection, staging, logins, signal, tell } = input;
  const login = logins.find(({ host }) => host === registryOf(reference));
  using progress = tellProgress(reference, tell);
  const { stdout } = await connection.run({
    what: `pull ${reference}`,
    script: PROGRAMS.pull,
    args: [staging, String(PULL_SECONDS), reference],
    stdin: login ? configurationFor(login) : '',
    timeoutMs: (PULL_SECONDS + 60) * 1000,
    ...(signal && { signal }),
  });
  const parts = splitParts(stdout.toString('utf8'));
  const said = failureWords(parts.get('code') ?? '', parts.get('said') ?? '', PULL_SECONDS);
  progress.end(said === undefined);
  const facts = parseImages(parts.get('image') ?? '');
  return said === undefined ? { facts } : { facts, failure: { reference, said, ...(login && { login }) } };
}

/** Says when a pull begins, that it still goes on, and how long it took. */
function tellProgress(reference: string, tell: (line: string) => void): Disposable & { end(isPulled: boolean): void } {
  const start = performance.now();
  const seconds = () => `${Math.round((performance.now() - start) / 1000)} s`;
  tell(`Pulling ${reference}`);
  const timer = setInterval(() => tell(`Still pulling ${reference} after ${seconds()}`), STILL_EVERY_MS);
  return {
    end: (isPulled) => tell(`${isPulled ? 'Pulled' : 'Could not pull'} ${reference} (${seconds()})`),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function usedAsItIs(failure: PullFailure): string {
  const { reference, said } = failure;
  return `${reference} could not be pulled and is used as it is on the host: ${pullFailureMeaning(failure)} (${said})`;
}

const NOT_BUILT =
  'images are not built on a host: build it elsewhere and push it, or bring it there (`docker save … | ssh … docker load`)';

function notPulled({ connection, environmentFile, built }: PullInput, missing: readonly PullFailure[]): GitopsError {
  const remedyOf = (failure: PullFailure) =>
    built.has(failure.reference) ? NOT_BUILT : pullFailureRemedy(failure, environmentFile);
  const remedies = new Set(missing.map(remedyOf));
  return new GitopsError('image-not-pulled', {
    attempted: `pull ${missing.map(({ reference }) => reference).join(', ')} on ${connection.label}`,
    seen: missing.map((failure) => `${failure.reference}: ${pullFailureMeaning(failure)} (${failure.said})`).join('\n'),
    remedy: `${[...remedies].join('\n  → ')}; nothing that runs was changed`,
  });
}
