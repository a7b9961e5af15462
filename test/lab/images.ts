import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { atExit } from './at-exit.ts';
import { runCommand } from './command.ts';
import { hostKind, labMachine } from './host.ts';
import { runMark } from './test-run.ts';

/** How Docker finds out whether a container of the image is healthy. */
export interface ImageHealthcheck {
  readonly command: readonly string[];
  readonly intervalMs?: number;
  readonly timeoutMs?: number;
  readonly retries?: number;
}

/** What an image holds besides busybox; the keys of `files` are absolute paths in the image. */
export interface ImageOptions {
  readonly command: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly healthcheck?: ImageHealthcheck;
}

/** Sets the names of one test file apart from those of all others: Vitest loads this module once per file. */
const suffix = [...Object.values(runMark()), randomBytes(4).toString('hex')].join('-');
const built = new Map<string, Promise<string>>();
const busyboxPaths = ['/bin/busybox', '/usr/bin/busybox'];

/** An image name that no other test file uses, such as `lab-1f2e3d4c/web:v1`. */
export function imageName(kind: string, tag = 'v1'): string {
  return `lab-${suffix}/${kind}:${tag}`;
}

/**
 * Makes an image out of busybox and a few files, without a registry, and returns its id (`sha256:…`). The same name with the
 * same options is made once per process; the same name with other options moves the tag, as a push of a new version would.
 * What is left at the end of the process is removed.
 */
export function buildImage(name: string, options: ImageOptions): Promise<string> {
  if (built.size === 0) atExit(removeLeftImages);
  const key = JSON.stringify([name, options]);
  const image = built.get(key) ?? importImage(name, options);
  built.set(key, image);
  return image;
}

/** Removes a tag (or an id) made by `buildImage`. Its containers must be gone. */
export async function removeImage(nameOrId: string): Promise<void> {
  for (const [key, id] of built) {
    if (nameOf(key) === nameOrId || (await id) === nameOrId) built.delete(key);
  }
  await labMachine().run(['docker', 'rmi', nameOrId]);
}

/** Removes every image that this process has built; call it in `afterAll`. */
export async function removeImages(): Promise<void> {
  const ids = new Set(await Promise.all(built.values()));
  built.clear();
  if (ids.size > 0) await labMachine().run(['docker', 'rmi', '--force', ...ids]);
}

async function importImage(name: string, options: ImageOptions): Promise<string> {
  const changes = instructions(options).flatMap((instruction) => ['--change', instruction]);
  const input = await packRoot(options.files ?? {});
  return await labMachine().run(['docker', 'import', ...changes, '-', name], { input });
}

/** A tarball of the image's files: hundreds of links on a disk would cost more than all that is done with the image. */
async function packRoot(files: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const tar = pack();
  for (const name of ['bin', 'etc', 'www']) tar.entry({ name, type: 'directory' });
  tar.entry({ name: 'tmp', type: 'directory', mode: 0o1777 });
  const busybox = await readFile(await findBusybox());
  tar.entry({ name: 'bin/busybox', mode: 0o755 }, busybox);
  for (const applet of (await runCommand('busybox', ['--list'])).split('\n')) {
    if (applet !== 'busybox') tar.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
  }
  for (const [path, content] of Object.entries(files)) tar.entry({ name: path.slice(1) }, content);
  tar.finalize();
  return buffer(tar);
}

/** Only the static build runs in an image without a C library, so a dynamic one has to fail here and not in the container. */
async function findBusybox(): Promise<string> {
  for (const path of busyboxPaths) {
    const kind = await runCommand('ldd', [path]).catch(String);
    if (kind.includes('not a dynamic executable')) return path;
  }
  throw new Error(`No static busybox in ${busyboxPaths.join(', ')}: install the package busybox-static.`);
}

function instructions(options: ImageOptions): string[] {
  const variables = Object.entries({ PATH: '/bin', ...options.env });
  return [
    ...variables.map(([name, value]) => `ENV ${name}=${literal(value)}`),
    ...(options.healthcheck ? [healthInstruction(options.healthcheck)] : []),
    `CMD ${JSON.stringify(options.command)}`,
  ];
}

/** Docker would put the image's own variables in place of `$name`. */
function literal(value: string): string {
  return JSON.stringify(value).replaceAll('$', '\\$');
}

function healthInstruction({ command, intervalMs = 2000, timeoutMs = 2000, retries = 2 }: ImageHealthcheck): string {
  const settings = `--interval=${intervalMs}ms --timeout=${timeoutMs}ms --retries=${retries}`;
  return `HEALTHCHECK ${settings} CMD ${JSON.stringify(command)}`;
}

function nameOf(key: string): unknown {
  const parsed: unknown = JSON.parse(key);
  return Array.isArray(parsed) ? parsed[0] : undefined;
}

/** The name of an image is a tag of this process alone, so removing by name can't hit another's. */
function removeLeftImages(): void {
  const names = new Set([...built.keys()].map((key) => String(nameOf(key))));
  // The engine of a container goes away with it.
  if (hostKind !== 'loopback') return;
  for (const name of names) {
    try {
      execFileSync('docker', ['rmi', '--force', name], { stdio: 'ignore' });
    } catch {
      // The process is ending and can't wait; Docker says why on its own log.
    }
  }
}
