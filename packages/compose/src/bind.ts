import { posix } from 'node:path';
import { type DataPath, digest, GitopsError, type MountedObject, type UploadedFile } from '@gitops/core';
import { forCompose, fromCompose } from './adopt/definition.ts';
import { refuseLeftovers } from './leftovers.ts';
import { fileDigest, folderDigest } from './object-digest.ts';
import type { Rendered, RenderedFile, RenderedMount, RenderedService } from './rendered.ts';
import { UploadedTree } from './uploaded-tree.ts';

export interface BindContext {
  /** Where the uploaded tree lies on the host, absolute. */
  readonly tree: string;
  /** The environment's folder on the host, absolute. */
  readonly environmentFolder: string;
  readonly stack: string;
  /** The stack's folder, relative to the root of the repository. */
  readonly folder: string;
  /** Where data of this stack lies already, by its path relative to the stack's folder: see `DataPath`. */
  readonly dataPaths: ReadonlyMap<string, string>;
  readonly owner: { readonly name: string; readonly environment: string };
  readonly upload: readonly UploadedFile[];
  readonly envFile?: string;
}

/** A rendered project whose paths depend on content alone, and the files that go with it. */
export interface Bound {
  readonly model: Rendered;
  readonly objects: readonly MountedObject[];
  /** Tracked files of writable binds, by their path under `data/`; `@/…` is an absolute path of the host. */
  readonly data: readonly UploadedFile[];
  /** Folders of writable binds, by the same paths. */
  readonly dataFolders: readonly string[];
  readonly dataPaths: readonly DataPath[];
  /** Absolute bind sources, sorted. */
  readonly hostPaths: readonly string[];
  readonly objectsOf: ReadonlyMap<string, readonly string[]>;
}

/**
 * Moves every path of the uploaded tree to where its content lives: read-only binds, configs and secrets to
 * `objects/<digest>`, writable binds to `data/<stack>/<path>`. Compose does not see inside files, so what a service's
 * path does not tell goes into its label `gitops.inputs`. Pure.
 */
export function bindToContent(rendered: Rendered, context: BindContext): Bound {
  const collected = new Collected(context);
  const configs = mapValues(rendered.configs, (file) => collected.grant(file));
  const secrets = mapValues(rendered.secrets, (file) => collected.grant(file));
  const inputs = { configs: rendered.configs ?? {}, secrets: rendered.secrets ?? {} };
  const services = mapValues(rendered.services, (service, name) => collected.service(name, service, inputs)) ?? {};
  const model = { ...rendered, services, ...(configs && { configs }), ...(secrets && { secrets }) };
  refuseLeftovers(model, context.tree);
  return { model, ...collected.result() };
}

interface Inputs {
  readonly configs: Readonly<Record<string, RenderedFile>>;
  readonly secrets: Readonly<Record<string, RenderedFile>>;
}

class Collected {
  readonly #context: BindContext;
  readonly #tree: UploadedTree;
  readonly #objects = new Map<string, MountedObject>();
  readonly #data = new Map<string, UploadedFile>();
  readonly #dataFolders = new Set<string>();
  readonly #dataPaths = new Map<string, string>();
  readonly #hostPaths = new Set<string>();
  readonly #objectsOf = new Map<string, readonly string[]>();

  constructor(context: BindContext) {
    this.#context = context;
    this.#tree = new UploadedTree(context.tree, context.upload);
  }

  result(): Omit<Bound, 'model'> {
    return {
      objects: [...this.#objects.values()],
      data: [...this.#data.values()],
      dataFolders: [...this.#dataFolders],
      dataPaths: [...this.#dataPaths].map(([path, source]) => ({ stack: this.#context.stack, path, source })),
      hostPaths: [...this.#hostPaths].sort(),
      objectsOf: this.#objectsOf,
    };
  }

  grant(file: RenderedFile): RenderedFile {
    return file.file === undefined ? file : { ...file, file: this.#objectPath(this.#object(file.file)) };
  }

  service(name: string, service: RenderedService, inputs: Inputs): RenderedService {
    const unseen: string[] = [];
    const mounted: string[] = [];
    const volumes = service.volumes?.map((mount) => this.#mount(mount, mounted, unseen));
    for (const { source } of service.configs ?? []) this.#granted(inputs.configs[source], mounted, unseen);
    for (const { source } of service.secrets ?? []) this.#granted(inputs.secrets[source], mounted, unseen);
    this.#objectsOf.set(name, mounted);
    const { build: _build, develop: _develop, ...rest } = service;
    return { ...rest, labels: this.#labels(service, unseen), ...(volumes && { volumes }) };
  }

  #labels({ labels }: RenderedService, unseen: readonly string[]): Record<string, string> {
    const { name, environment } = this.#context.owner;
    const inputs = unseen.length > 0 ? { 'gitops.inputs': digest(unseen) } : {};
    return { ...labels, 'gitops.name': name, 'gitops.environment': environment, ...inputs };
  }

  #mount(mount: RenderedMount, mounted: string[], unseen: string[]): RenderedMount {
    if (mount.type !== 'bind' || mount.source === undefined) return mount;
    const source = this.#tree.pathIn(mount.source);
    if (source === undefined) return this.#hostPath(mount, fromCompose(mount.source));
    if (mount.read_only) {
      const object = this.#object(mount.source);
      mounted.push(object.digest);
      return { ...mount, source: this.#objectPath(object) };
    }
    return { ...mount, source: forCompose(this.#writable(source, unseen)) };
  }

  #hostPath(mount: RenderedMount, source: string): RenderedMount {
    if (`${source}/`.startsWith(`${this.#context.environmentFolder}/`)) throw outside(source);
    this.#hostPaths.add(source);
    return mount;
  }

  #granted(file: RenderedFile | undefined, mounted: string[], unseen: string[]): void {
    if (file?.file !== undefined) mounted.push(this.#object(file.file).digest);
    const fromEnvironment = file?.environment === undefined ? undefined : this.#envFileDigest();
    unseen.push(digest([file?.file === undefined ? file : this.#object(file.file).digest, fromEnvironment]));
  }

  #envFileDigest(): string {
    const { envFile } = this.#context;
    const file = envFile === undefined ? undefined : this.#tree.file(envFile);
    return file ? fileDigest(file) : '';
  }

  #object(path: string): MountedObject {
    const source = this.#tree.pathIn(path);
    const found = source === undefined ? undefined : this.#tree.contentAt(source);
    if (source === undefined || !found) throw missing(source ?? fromCompose(path));
    const object = { digest: found.digest, kind: found.kind, source };
    this.#objects.set(found.digest, object);
    return object;
  }

  #objectPath({ digest: name }: MountedObject): string {
    return `${this.#context.environmentFolder}/objects/${name}`;
  }

  #writable(source: string, unseen: string[]): string {
    const { place, source: onHost } = this.#dataPlace(source);
    const file = this.#tree.file(source);
    const files = file ? [{ ...file, path: '' }] : this.#tree.below(source);
    for (const each of files) {
      const target = each.path === '' ? place : `${place}/${each.path}`;
      this.#data.set(target, { ...each, path: target });
    }
    if (!file) this.#dataFolders.add(place);
    if (files.length > 0) unseen.push(file ? fileDigest(file) : folderDigest(files));
    return onHost;
  }

  /** Where an application finds its data: where it was before, else in a folder of its own. */
  #dataPlace(source: string): { readonly place: string; readonly source: string } {
    const { stack, folder, environmentFolder, dataPaths } = this.#context;
    const path = posix.relative(folder, source) || '.';
    const ours = `${environmentFolder}/data/`;
    const onHost = dataPaths.get(path) ?? ours + [stack, source].filter((part) => part !== '').join('/');
    this.#dataPaths.set(path, onHost);
    return { place: onHost.startsWith(ours) ? onHost.slice(ours.length) : `@${onHost}`, source: onHost };
  }
}

function mapValues<T>(
  record: Readonly<Record<string, T>> | undefined,
  map: (value: T, key: string) => T,
): Record<string, T> | undefined {
  if (record === undefined) return undefined;
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function missing(source: string): GitopsError {
  return new GitopsError('source-missing', {
    attempted: `prepare the mount of ${source}`,
    seen: 'git has no such file or folder',
    remedy: 'add it to git, or correct the path in the Compose file',
  });
}

function outside(source: string): GitopsError {
  return new GitopsError('path-outside', {
    attempted: `prepare the mount of ${source}`,
    seen: 'it leads into the state of gitops on the host, so it leaves the repository',
    remedy: 'use a path inside the repository, or an absolute path of the host',
  });
}
