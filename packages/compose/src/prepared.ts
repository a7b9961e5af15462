import { randomBytes } from 'node:crypto';
import type { Candidate, Desired, Lease, PinnedImage, Prepared } from '@gitops/core';
import type { EnvironmentFolder } from '@gitops/host';
import { hashesOf } from './hashes.ts';
import {
  builtReferences,
  chooseImages,
  type ImageFacts,
  type ImageUsers,
  lookUpImages,
  referencesToPull,
  registryDigest,
} from './images.ts';
import { describeDesired, type PinnedStack, pinImages } from './pin.ts';
import type { Staged, StageInput } from './prepare.ts';
import { pullImages } from './pull-images.ts';
import { envOf, releaseFiles } from './release-files.ts';
import { intervalWarnings } from './roles.ts';
import { refuseFullDocker } from './space.ts';

/** Staged stacks with what is left to do before their transaction can begin. */
export class PreparedStacks implements Prepared {
  readonly digest: string;
  readonly engineVersion: string;
  readonly composeVersion: string;
  readonly secrets: readonly string[];
  readonly #input: StageInput;
  readonly #staged: Staged;
  readonly #folder: EnvironmentFolder;
  #warnings: readonly string[];
  #pinned: readonly PinnedStack[] | undefined;
  #images: readonly PinnedImage[] = [];
  #facts: ImageFacts = new Map();

  constructor(input: StageInput, staged: Staged, folder: EnvironmentFolder) {
    this.#input = input;
    this.#staged = staged;
    this.#folder = folder;
    this.#warnings = [...staged.warnings, ...this.#projects.flatMap(({ model }) => intervalWarnings(model))];
    this.secrets = staged.secrets;
    this.digest = staged.digest;
    this.engineVersion = staged.engineVersion;
    this.composeVersion = staged.composeVersion;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  get images(): readonly PinnedImage[] {
    return this.#images;
  }

  digestOf(imageId: string, reference: string): string | undefined {
    return registryDigest(this.#facts, imageId, reference);
  }

  async preview(recorded: Desired | undefined): Promise<Desired> {
    const facts = await this.#factsWith(recorded);
    this.#facts = facts;
    return this.#describe(chooseImages(this.#projects, facts, recorded));
  }

  async pin(recorded: Desired | undefined, tell: (line: string) => void): Promise<Desired> {
    const here = await this.#factsWith(recorded);
    const wanted = referencesToPull(this.#projects, here, chooseImages(this.#projects, here, recorded));
    const { facts, warnings } = await this.#pull(wanted, here, tell);
    this.#warnings = [...this.#warnings, ...warnings, ...lostImages(recorded, here)];
    const desired = await this.#describe(chooseImages(this.#projects, facts, recorded));
    this.#images = pinnedImages(desired, facts);
    this.#facts = facts;
    return desired;
  }

  async begin(lease: Lease, desired: Desired, candidate: Candidate): Promise<void> {
    const { upload } = this.#input.declared;
    const executables = new Set(upload.filter(({ executable }) => executable).map(({ path }) => path));
    if (!this.#pinned) throw new Error('stacks are pinned before they are laid down');
    await this.#folder.begin(lease.fence, this.#staged.staging, candidate, {
      release: candidate.isNew ? releaseFiles(this.#staged.stacks, this.#pinned, desired, upload) : [],
      sources: desired.objects.map(
        ({ digest, source }) => `${digest} ${executables.has(source) ? '0755' : '0644'} ${source}`,
      ),
      tags: imagesOf(desired, candidate).map((id) => `${id} ${this.#protectingTag(id)}`),
      hmacKey: randomBytes(32).toString('hex'),
    });
  }

  async #pull(wanted: readonly string[], here: ImageFacts, tell: (line: string) => void) {
    const { connection, declared, scope, signal } = this.#input;
    if (wanted.length > 0) refuseFullDocker(connection.label, this.#staged.space);
    const input = {
      connection,
      staging: this.#staged.staging,
      logins: declared.registries ?? [],
      built: builtReferences(this.#projects),
      environmentFile: `environments/${scope.environment.name}/environment.yml`,
      tell,
      ...(signal && { signal }),
    };
    return pullImages(input, wanted, here);
  }

  get #projects(): readonly ImageUsers[] {
    return this.#staged.stacks.map(({ source, bound }) => ({ stack: source.name, model: bound.model }));
  }

  /** Keeps `docker image prune` away from what a rollback needs. */
  #protectingTag(id: string): string {
    const { repositoryName, name } = this.#input.scope.environment;
    return `gitops/${repositoryName}-${name}:${id.replace('sha256:', '').slice(0, 12)}`;
  }

  async #factsWith(recorded: Desired | undefined): Promise<ImageFacts> {
    const { images } = this.#staged;
    const known = new Set([...images.values()].map(({ id }) => id));
    const others = (recorded?.services ?? []).map(({ imageId }) => imageId).filter((id) => !known.has(id));
    const found = await lookUpImages(this.#input.connection, [...new Set(others)]);
    return new Map([...images, ...[...images.values()].map((fact) => [fact.id, fact] as const), ...found]);
  }

  async #describe(ids: ReadonlyMap<string, string>): Promise<Desired> {
    const { upload } = this.#input.declared;
    const unhashed = this.#staged.stacks.map(({ source: { name, services, envFile }, bound }): PinnedStack => {
      const pinned = pinImages({ stack: name, model: bound.model }, ids);
      const env = envOf(envFile, upload);
      return { stack: name, bound, pinned, env, ids, hashes: new Map(), declaredServices: services };
    });
    const hashes = await hashesOf(this.#input.connection, unhashed);
    this.#pinned = unhashed.map((stack) => ({ ...stack, hashes }));
    return describeDesired(this.#pinned);
  }
}

/** Each image once, with what registries call it. */
function pinnedImages({ services }: Desired, facts: ImageFacts): readonly PinnedImage[] {
  const byId = new Map([...facts.values()].map((fact) => [fact.id, fact.registryDigests]));
  const images = services.map(({ image, imageId }) => ({
    reference: image,
    id: imageId,
    digests: byId.get(imageId) ?? [],
  }));
  return [...new Map(images.map((image) => [`${image.reference} ${image.id}`, image])).values()];
}

/** Those of the new state, and those of what is taken over, which nobody protects yet. */
function imagesOf(desired: Desired, { adopted }: Candidate): readonly string[] {
  const services = [...desired.services, ...(adopted?.release.desired.services ?? [])];
  return [...new Set(services.map(({ imageId }) => imageId))];
}

/** A rollback would miss these, which is better known before than after. */
function lostImages(recorded: Desired | undefined, here: ImageFacts): readonly string[] {
  const lost = (recorded?.services ?? []).filter(({ imageId }) => !here.has(imageId));
  return lost.map(
    ({ name, image }) => `the image that ${name} runs now (${image}) is gone from the host: going back would fail`,
  );
}
