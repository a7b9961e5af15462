import { type Desired, GitopsError, keyOf } from '@gitops/core';
import { type Connection, PROGRAMS } from '@gitops/host';
import type { Rendered, RenderedService } from './rendered.ts';
import { pullPolicyOf } from './roles.ts';

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

/** `sha256:…`, as the registry of a reference knows an image. The same image may be known to several. */
export function registryDigest(facts: ImageFacts, imageId: string, reference: string): string | undefined {
  const known = [...facts.values()].find(({ id }) => id === imageId)?.registryDigests ?? [];
  const here = known.find((digest) => repositoryOf(digest) === repositoryOf(reference)) ?? known[0];
  return here?.split('@')[1];
}

/** Without tag and digest. */
function repositoryOf(reference: string): string {
  return reference
    .replace(/@.*$/, '')
    .replace(/:[^/]*$/, '')
    .replace(/^docker\.io\/(?:library\/)?/, '');
}

/** The image a service runs; one that is only built has the name that Compose gives it. */
export function referenceOf(name: string, { image }: RenderedService, project: string): string {
  return image ?? `${project}-${name}`;
}

/**
 * Image ids by service (`keyOf`), from what the host has. A reference that did not change keeps its image, as a moved tag alone
 * changes nothing. An empty id means that the image is missing.
 */
export function chooseImages(
  projects: readonly ImageUsers[],
  facts: ImageFacts,
  recorded: Desired | undefined,
): ReadonlyMap<string, string> {
  const chosen = usesOf(projects).map(({ key, service, reference }) => {
    const before = recorded?.services.find((each) => keyOf(each) === key && each.image === reference);
    const kept = before && pullPolicyOf(service) !== 'always' && facts.has(before.imageId) ? before.imageId : undefined;
    return [key, kept ?? facts.get(reference)?.id ?? ''] as const;
  });
  return new Map(chosen);
}

/** A project whose services run images. */
export interface ImageUsers {
  readonly stack: string;
  readonly model: Rendered;
}

interface ImageUse {
  readonly key: string;
  readonly service: RenderedService;
  readonly reference: string;
}

function usesOf(projects: readonly ImageUsers[]): readonly ImageUse[] {
  return projects.flatMap(({ stack, model }) =>
    Object.entries(model.services).map(([name, service]) => ({
      key: keyOf({ stack, name }),
      service,
      reference: referenceOf(name, service, stack),
    })),
  );
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

/** What is missing or must always be pulled, each once. Throws `GitopsError` `image-missing` for what must not be. */
export function referencesToPull(
  projects: readonly ImageUsers[],
  facts: ImageFacts,
  kept: ReadonlyMap<string, string>,
): readonly string[] {
  const wanted = usesOf(projects).flatMap(({ key, service, reference }) => {
    const policy = pullPolicyOf(service);
    const isHere = facts.has(reference) || kept.get(key) !== '';
    if (reference.startsWith('sha256:') || policy === 'never') {
      if (!isHere) throw neverPulled(key, reference);
      return [];
    }
    return policy === 'always' || !isHere ? [reference] : [];
  });
  return [...new Set(wanted)];
}

/** References of services that Compose could build; on a host nothing is built. */
export function builtReferences(projects: readonly ImageUsers[]): ReadonlySet<string> {
  const built = usesOf(projects).filter(({ service }) => service['build'] !== undefined);
  return new Set(built.map(({ reference }) => reference));
}

function neverPulled(service: string, reference: string): GitopsError {
  return new GitopsError('image-missing', {
    attempted: `find the image of ${service}`,
    seen: `${reference} is not on the host, and its \`pull_policy\` or form forbids pulling it`,
    remedy: 'load the image on the host (`docker load`), or let it be pulled',
  });
}
