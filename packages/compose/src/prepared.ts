import { randomBytes } from 'node:crypto';
import { type Candidate, type Desired, GitopsError, type Lease, type Prepared } from '@gitops/core';
import { type EnvironmentFolder, entry, PROGRAMS, packTar, type TarEntry } from '@gitops/host';
import { chooseImages, type ImageFacts, lookUpImages, pullImages } from './images.ts';
import { describeDesired, pinImages } from './pin.ts';
import type { Staged, StageInput } from './prepare.ts';
import type { Rendered } from './rendered.ts';

const HASH_MS = 60_000;

/** A staged project with what is left to do before its transaction can begin. */
export class PreparedProject implements Prepared {
  readonly digest: string;
  readonly engineVersion: string;
  readonly composeVersion: string;
  readonly secrets: readonly string[];
  readonly #input: StageInput;
  readonly #staged: Staged;
  readonly #folder: EnvironmentFolder;
  #warnings: readonly string[];
  #pinned: Rendered | undefined;

  constructor(input: StageInput, staged: Staged, folder: EnvironmentFolder) {
    this.#input = input;
    this.#staged = staged;
    this.#folder = folder;
    this.#warnings = staged.warnings;
    this.secrets = staged.secrets;
    this.digest = staged.digest;
    this.engineVersion = staged.engineVersion;
    this.composeVersion = staged.composeVersion;
  }

  get warnings(): readonly string[] {
    return this.#warnings;
  }

  async preview(recorded: Desired | undefined): Promise<Desired> {
    const facts = await this.#factsWith(recorded);
    return this.#describe(chooseImages(this.#model, this.#project, facts, recorded));
  }

  async pin(recorded: Desired | undefined): Promise<Desired> {
    const here = await this.#factsWith(recorded);
    const kept = chooseImages(this.#model, this.#project, here, recorded);
    const { facts, warnings } = await pullImages(this.#input.connection, this.#model, here, this.#project, kept);
    this.#warnings = [...this.#warnings, ...warnings, ...lostImages(recorded, here)];
    return this.#describe(chooseImages(this.#model, this.#project, facts, recorded));
  }

  async begin(lease: Lease, desired: Desired, candidate: Candidate): Promise<void> {
    const { bound, staging } = this.#staged;
    const executables = new Set(
      this.#input.declared.upload.filter(({ executable }) => executable).map(({ path }) => path),
    );
    await this.#folder.begin(lease.fence, staging, candidate, {
      project: this.#project,
      release: candidate.isNew ? this.#releaseFiles(desired) : [],
      sources: bound.objects.map(
        ({ digest, source }) => `${digest} ${executables.has(source) ? '0755' : '0644'} ${source}`,
      ),
      tags: [...new Set(desired.services.map(({ imageId }) => imageId))].map(
        (id) => `${id} ${this.#protectingTag(id)}`,
      ),
      hmacKey: randomBytes(32).toString('hex'),
    });
  }

  get #project(): string {
    return this.#input.environment.stack.name;
  }

  get #model(): Rendered {
    return this.#staged.bound.model;
  }

  /** Keeps `docker image prune` away from what a rollback needs. */
  #protectingTag(id: string): string {
    const { repositoryName, name } = this.#input.environment;
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
    const pinned = pinImages(this.#model, this.#project, ids);
    this.#pinned = pinned;
    return describeDesired({
      bound: this.#staged.bound,
      pinned,
      project: this.#project,
      ids,
      hashes: await this.#hashes(pinned),
      declaredServices: this.#input.declared.services,
    });
  }

  /** Compose reads the final file before anything is changed by it. */
  async #hashes(pinned: Rendered): Promise<ReadonlyMap<string, string>> {
    const { connection } = this.#input;
    const { code, stdout, stderr } = await connection.run({
      what: 'check the final project',
      script: PROGRAMS.hash,
      args: [this.#project],
      stdin: packTar([entry('rendered.yml', serialise(pinned)), this.#envEntry('env')]),
      timeoutMs: HASH_MS,
    });
    if (code !== 0) throw notReadable(connection.label, stderr);
    const lines = stdout
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    return new Map(lines.map(([name = '', hash = '']) => [name, hash]));
  }

  #envEntry(path: string): TarEntry {
    const { upload, envFile } = this.#input.declared;
    return { path, content: upload.find((file) => file.path === envFile)?.content ?? Buffer.alloc(0), mode: 0o600 };
  }

  #releaseFiles(desired: Desired): readonly TarEntry[] {
    if (!this.#pinned) throw new Error('a project is pinned before it is laid down');
    const { data, dataFolders } = this.#staged.bound;
    const { upload, composeFiles } = this.#input.declared;
    const templates = upload.filter(({ path }) => composeFiles.includes(path));
    return [
      entry('release/rendered.yml', serialise(this.#pinned)),
      this.#envEntry('release/env'),
      entry('release/objects', desired.objects.map(({ digest }) => `${digest}\n`).join('')),
      ...templates.map(({ path, content }) => ({ path: `release/template/${path}`, content, mode: 0o600 })),
      entry('release/folders', dataFolders.map((path) => `${path}\n`).join('')),
      ...data.map(({ path, content, executable }) => ({
        path: `release/data/${path}`,
        content,
        mode: executable ? 0o755 : 0o644,
      })),
    ];
  }
}

/** A rollback would miss these, which is better known before than after. */
function lostImages(recorded: Desired | undefined, here: ImageFacts): readonly string[] {
  const lost = (recorded?.services ?? []).filter(({ imageId }) => !here.has(imageId));
  return lost.map(
    ({ name, image }) => `the image that ${name} runs now (${image}) is gone from the host: going back would fail`,
  );
}

/** JSON is YAML that no two parsers read differently. */
function serialise(model: Rendered): string {
  return `${JSON.stringify(model, undefined, 2)}\n`;
}

function notReadable(label: string, stderr: string): GitopsError {
  return new GitopsError('final-refused', {
    attempted: `let Compose on ${label} read the final project`,
    seen: stderr.trim(),
    remedy: 'nothing was changed; please report this with the Compose file',
  });
}
