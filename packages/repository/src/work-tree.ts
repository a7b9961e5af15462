import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { posix, relative, resolve, sep } from 'node:path';
import { GitopsError, type RepositoryFile, type RepositoryView } from '@gitops/core';
import pMap from 'p-map';
import { ignoreMissing, linkTarget, locate } from './locate.ts';
import type { KnownFile, Snapshot } from './snapshot.ts';

/** A file and, unless it is too large, what is in it. */
export interface RegularFile {
  readonly path: string;
  readonly content?: Buffer;
}

/** Processes may be allowed no more than 1024 open files. */
const OPEN_AT_ONCE = 64;

/** The files of a checkout: names and executable bits from git, content from the disk. */
export class WorkTree implements RepositoryView {
  readonly root: string;
  readonly prefix: string;
  readonly commit: string;
  readonly ancestors: readonly string[];
  readonly uncommitted: readonly string[];
  readonly #files: ReadonlyMap<string, KnownFile>;
  readonly #folders: ReadonlySet<string>;
  readonly #names = new Map<string, Promise<ReadonlySet<string>>>();

  /** `root` is absolute and free of links. */
  constructor(root: string, snapshot: Snapshot) {
    this.root = root;
    this.prefix = snapshot.prefix;
    this.commit = snapshot.commit;
    this.ancestors = snapshot.ancestors;
    this.uncommitted = snapshot.uncommitted;
    this.#files = snapshot.files;
    this.#folders = foldersOf(snapshot.files);
  }

  async paths(folder: string): Promise<readonly string[]> {
    const prefix = folder === '' ? '' : `${folder}/`;
    return [...this.#files.keys()].filter((path) => path.startsWith(prefix));
  }

  async list(folder: string): Promise<readonly RepositoryFile[]> {
    const paths = await this.paths(folder);
    const files = await Promise.all(inByteOrder(paths).map((path) => this.#describe(path)));
    return files.filter((file) => file !== undefined);
  }

  async stat(path: string): Promise<'file' | 'folder' | undefined> {
    if (this.#isPlain(path)) return 'file';
    if (this.#folders.has(path)) return 'folder';
    if (await this.#isAbsent(path)) return undefined;
    const place = await locate(this.root, path);
    const found = place === undefined ? undefined : await ignoreMissing(stat(place));
    if (found?.isDirectory()) return 'folder';
    return found?.isFile() ? 'file' : undefined;
  }

  async read(path: string): Promise<Buffer> {
    const place = this.#isPlain(path) ? resolve(this.root, path) : await locate(this.root, path);
    const content = place === undefined ? undefined : await ignoreMissing(readFile(place));
    if (content) return content;
    throw new GitopsError('file-missing', {
      attempted: `read \`${path}\` of the repository ${this.root}`,
      seen: 'there is no such file',
      remedy: 'add the file to the repository, or correct the path',
    });
  }

  /** Files without links, as far as they are not too large; what leads out of the repository is nobody's here. */
  async regularFiles(largestBytes: number): Promise<readonly RegularFile[]> {
    const paths = inByteOrder([...this.#files].filter(([, { kind }]) => kind !== 'link').map(([path]) => path));
    const files = await pMap(paths, (path) => this.#regularFile(path, largestBytes), { concurrency: OPEN_AT_ONCE });
    return files.filter((file) => file !== undefined);
  }

  async #regularFile(path: string, largestBytes: number): Promise<RegularFile | undefined> {
    const place = resolve(this.root, path);
    const found = await ignoreMissing(lstat(place));
    if (!found?.isFile()) return undefined;
    return { path, ...(found.size <= largestBytes && { content: await readFile(place) }) };
  }

  async isExecutable(path: string): Promise<boolean> {
    if (this.#isPlain(path)) return this.#files.get(path)?.kind === 'executable';
    const place = await locate(this.root, path);
    if (place === undefined) return false;
    const kind = this.#files.get(relative(this.root, place).replaceAll(sep, '/'))?.kind;
    if (kind === 'file' || kind === 'executable') return kind === 'executable';
    return isMarkedExecutable((await stat(place)).mode);
  }

  /** Git follows no link on the way to a file that it tracks and finds as it should be, so nobody else has to. */
  #isPlain(path: string): boolean {
    const kind = this.#files.get(path)?.kind;
    return kind === 'file' || kind === 'executable';
  }

  /** Whether a folder of git's has nothing of that name: most of what is asked for is not there, and each error takes its time. */
  async #isAbsent(path: string): Promise<boolean> {
    const [folder, name] = [posix.dirname(path), posix.basename(path)];
    if (/^\.{0,2}$/.test(name) || (folder !== '.' && !this.#folders.has(folder))) return false;
    const names = this.#names.get(folder) ?? readdir(resolve(this.root, folder)).then((list) => new Set(list));
    this.#names.set(folder, names);
    return !(await names).has(name);
  }

  async #describe(path: string): Promise<RepositoryFile | undefined> {
    const kind = this.#files.get(path)?.kind;
    if (kind === 'file' || kind === 'executable') return { path, executable: kind === 'executable' };
    const found = await ignoreMissing(lstat(resolve(this.root, path)));
    if (found?.isSymbolicLink()) {
      const target = await linkTarget(this.root, path);
      return { path, executable: await this.#isTargetExecutable(path), linkTarget: target };
    }
    return found?.isFile() ? { path, executable: isMarkedExecutable(found.mode) } : undefined;
  }

  async #isTargetExecutable(link: string): Promise<boolean> {
    return (await this.stat(link)) === 'file' && (await this.isExecutable(link));
  }
}

/** Folders on the way to files that git finds as they should be, so none of them is a link. */
function foldersOf(files: ReadonlyMap<string, KnownFile>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const [path, { kind }] of files) {
    if (kind !== 'file' && kind !== 'executable') continue;
    for (let folder = posix.dirname(path); folder !== '.' && !folders.has(folder); folder = posix.dirname(folder)) {
      folders.add(folder);
    }
  }
  return folders;
}

function isMarkedExecutable(mode: number): boolean {
  return (mode & 0o111) !== 0;
}

/** UTF-8 read as Latin-1 compares byte by byte; JavaScript's own order is by UTF-16 units. */
function inByteOrder(paths: readonly string[]): string[] {
  const keyed = paths.map((path) => ({ path, bytes: Buffer.from(path).toString('latin1') }));
  return keyed.sort((a, b) => (a.bytes < b.bytes ? -1 : 1)).map(({ path }) => path);
}
