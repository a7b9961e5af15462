import { type Desired, GitopsError } from '@gitops/core';
import { type Connection, PROGRAMS, splitParts } from '@gitops/host';
import type { Rendered, RenderedService } from './rendered.ts';
import { pullPolicyOf } from './roles.ts';

const PULL_SECONDS = 600;
const READ_MS = 60_000;

export interface ImageFact {
  readonly id: string;
  readonly registryDigests: readonly string[];
}

/** Facts of the images that are on the host, by reference. */
export type ImageFacts = ReadonlyMap<string, ImageFact>;

/** Reads lines of `"sha256:…" ["name@sha256:…"] REFERENCE`. */
export function parseImages(text: string): ImageFacts {
  const matches = text.matchAll(/^"(sha256:[0-9a-f]{64})" (\[.*?\]|null) (.+)$/gm);
  return new Map(
    [...matches].map(([, id = '', digests = '', reference = '']) => [
      reference,
      { id, registryDigests: strings(digests) },
    ]),
  );
}

function strings(json: string): readonly string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** The image a service runs; one that is only built has the name that Compose gives it. */
export function referenceOf(name: string, { image }: RenderedService, project: string): string {
  return image ?? `${project}-${name}`;
}

/**
 * Image ids by service, from what the host has. A reference that did not change keeps its image, as a moved tag alone
 * changes nothing. An empty id means that the image is missing.
 */
export function chooseImages(
  model: Rendered,
  project: string,
  facts: ImageFacts,
  recorded: Desired | undefined,
): ReadonlyMap<string, string> {
  const chosen = Object.entries(model.services).map(([name, service]) => {
    const reference = referenceOf(name, service, project);
    const before = recorded?.services.find((each) => each.name === name && each.image === reference);
    const kept = before && pullPolicyOf(service) !== 'always' && facts.has(before.imageId) ? before.imageId : undefined;
    return [name, kept ?? facts.get(reference)?.id ?? ''] as const;
  });
  return new Map(chosen);
}

/** Ids the last release runs: they may be here although their tags have moved on. */
export async function lookUpImages(connection: Connection, references: readonly string[]): Promise<ImageFacts> {
  if (references.length === 0) return new Map();
  const { stdout } = await connection.run({
    what: 'look up images',
    script: PROGRAMS.images,
    args: references,
    timeoutMs: READ_MS,
  });
  return parseImages(stdout.toString('utf8'));
}

/** Pulls what is missing or must always be pulled. One that is here but can't be pulled is used, with a warning. */
export async function pullImages(
  connection: Connection,
  model: Rendered,
  facts: ImageFacts,
  project: string,
  kept: ReadonlyMap<string, string>,
): Promise<{ facts: ImageFacts; warnings: readonly string[] }> {
  const wanted = referencesToPull(model, facts, project, kept);
  if (wanted.length === 0) return { facts, warnings: [] };
  const { stdout } = await connection.run({
    what: `pull ${wanted.join(', ')}`,
    script: PROGRAMS.pull,
    args: [String(PULL_SECONDS), ...wanted],
    timeoutMs: (PULL_SECONDS + 60) * 1000,
  });
  const parts = splitParts(stdout.toString('utf8'));
  const pulled = new Map([...facts, ...parseImages(parts.get('images') ?? '')]);
  const failures = wanted.flatMap((reference) => failureOf(reference, parts.get(`image ${reference}`) ?? ''));
  const missing = failures.filter(({ reference }) => !pulled.has(reference));
  if (missing.length > 0) throw notPulled(connection.label, missing);
  return {
    facts: pulled,
    warnings: failures.map(({ reference, said }) => `${reference} could not be pulled and is used as it is: ${said}`),
  };
}

function referencesToPull(
  model: Rendered,
  facts: ImageFacts,
  project: string,
  kept: ReadonlyMap<string, string>,
): readonly string[] {
  const wanted = Object.entries(model.services).flatMap(([name, service]) => {
    const reference = referenceOf(name, service, project);
    const policy = pullPolicyOf(service);
    const isHere = facts.has(reference) || kept.get(name) !== '';
    if (reference.startsWith('sha256:') || policy === 'never') {
      if (!isHere) throw neverPulled(name, reference);
      return [];
    }
    return policy === 'always' || !isHere ? [reference] : [];
  });
  return [...new Set(wanted)];
}

interface Failure {
  readonly reference: string;
  readonly said: string;
}

function failureOf(reference: string, said: string): readonly Failure[] {
  const [code, ...words] = said.trim().split('\n');
  const reason = code === '124' ? `no end after ${PULL_SECONDS} s` : words.join(' ').trim();
  return code === '0' ? [] : [{ reference, said: reason || `exit code ${code}` }];
}

function notPulled(label: string, missing: readonly Failure[]): GitopsError {
  return new GitopsError('image-not-pulled', {
    attempted: `pull ${missing.map(({ reference }) => reference).join(', ')} on ${label}`,
    seen: missing.map(({ reference, said }) => `${reference}: ${said}`).join('\n'),
    remedy:
      'correct the image name or tag, or make the registry reachable from the host; nothing that runs was changed',
  });
}

function neverPulled(name: string, reference: string): GitopsError {
  return new GitopsError('image-missing', {
    attempted: `find the image of ${name}`,
    seen: `${reference} is not on the host, and its \`pull_policy\` or form forbids pulling it`,
    remedy: 'load the image on the host (`docker load`), or let it be pulled',
  });
}
