import {
  type Declared,
  type Desired,
  digest,
  GitopsError,
  type Lease,
  type Scope,
  type StackSource,
} from '@gitops/core';
import { type Connection, entry, PROGRAMS, packTar, quote, splitParts, type TarEntry, unwritable } from '@gitops/host';
import { type Bound, bindToContent } from './bind.ts';
import { messageOf, refusedByCompose } from './compose-refusal.ts';
import { dataPathsOf } from './data-paths.ts';
import { type ImageFacts, parseImages } from './images.ts';
import { dockerUnusable } from './observe.ts';
import { parseRendered } from './rendered.ts';
import { secretEnvironment, secretFiles, secretVariables } from './secret-values.ts';
import { diskFull, readSpace, type Space, spaceWarnings, uploadKib } from './space.ts';

const STAGE_MS = 300_000;
/** Older ones lack `!reset`, and differ in what they render. */
export const OLDEST_COMPOSE = [2, 24] as const;

/** One stack, rendered by the host, with every path bound to its content. */
export interface StagedStack {
  readonly source: StackSource;
  readonly bound: Bound;
}

/** What the host made of the commit; images not looked at yet. */
export interface Staged {
  readonly stacks: readonly StagedStack[];
  readonly images: ImageFacts;
  readonly staging: string;
  readonly digest: string;
  readonly engineVersion: string;
  readonly composeVersion: string;
  readonly warnings: readonly string[];
  /** Values of the Compose secrets, from files and from the `.env`. */
  readonly secrets: readonly string[];
  readonly space: Space;
}

export interface StageInput {
  readonly connection: Connection;
  readonly scope: Scope;
  readonly declared: Declared;
  readonly folder: string;
  readonly lease: Lease | undefined;
  /** The release that is recorded: applications go on with their data where it is. */
  readonly recorded: Desired | undefined;
  /** Ends what runs on the host when the run is cancelled. */
  readonly signal?: AbortSignal;
}

/** Uploads the commit's files and lets the host's own Compose render them. Without a lease nothing stays on the host. */
export async function stage(input: StageInput): Promise<Staged> {
  const { connection, declared, folder, lease, signal } = input;
  const staging = lease ? `${folder}/staging/${lease.fence}` : '';
  const { code, stdout, stderr } = await connection.run({
    what: 'render the project',
    script: PROGRAMS.stage,
    args: [staging, String(uploadKib(declared))],
    stdin: packTar(stagedFiles(declared)),
    timeoutMs: STAGE_MS,
    ...(signal && { signal }),
  });
  const parts = splitParts(stdout.toString('utf8'));
  if (parts.has('unwritable')) throw unwritable(connection.label, folder);
  const full = parts.get('full');
  if (full !== undefined) throw diskFull(connection.label, lease ? folder : '', full, uploadKib(declared));
  if (code !== 0) throw notStaged(connection.label, stderr);
  return readStaged(input, parts, staging);
}

/** The commit's files, and what the program is to do with them. */
function stagedFiles({ upload, stacks }: Declared): readonly TarEntry[] {
  const lines = stacks.map(({ name, folder, envFile = '', composeFiles }) =>
    ['stack', quote([name, folder, envFile, ...composeFiles])].join(' '),
  );
  const files = upload.map(({ path, content, executable }) => ({
    path: `tree/${path}`,
    content,
    mode: executable ? 0o755 : 0o644,
  }));
  return [entry('stacks', `${lines.join('\n')}\n`), ...files];
}

type Parts = ReadonlyMap<string, string>;

function readStaged(input: StageInput, parts: Parts, staging: string): Staged {
  const { connection, scope, declared } = input;
  const versions = readVersions(parts, connection.label);
  const read = declared.stacks.map((source) => readStack(input, source, parts));
  const stacks = read.map(({ stack }) => stack);
  const space = readSpace(parts);
  return {
    stacks,
    images: parseImages(parts.get('images') ?? ''),
    staging,
    digest: digest({ stacks: stacks.map(contentOf), health: scope.environment.health }),
    warnings: [...read.flatMap(({ warnings }) => warnings), ...spaceWarnings(connection.label, space)],
    space,
    secrets: read.flatMap(({ secrets }) => secrets),
    ...versions,
  };
}

interface ReadStack {
  readonly stack: StagedStack;
  readonly warnings: readonly string[];
  readonly secrets: readonly string[];
}

function readStack({ scope, declared, folder, recorded }: StageInput, source: StackSource, parts: Parts): ReadStack {
  const { name, envFile } = source;
  const tree = parts.get('staging')?.trim() ?? '';
  const said = (parts.get(`error ${name}`) ?? '').trim();
  if (parts.get(`code ${name}`)?.trim() !== '0') throw refusedByCompose(source, said, tree);
  refuseUnset(name, said);
  const rendered = parseRendered(parts.get(`rendered ${name}`) ?? '');
  const { repositoryName, name: environment } = scope.environment;
  const bound = bindToContent(rendered, {
    tree,
    environmentFolder: folder,
    stack: name,
    folder: source.folder,
    dataPaths: dataPathsOf({ name, services: Object.keys(rendered.services) }, namesOf(declared), recorded),
    owner: { name: repositoryName, environment },
    upload: declared.upload,
    ...(envFile !== undefined && { envFile }),
  });
  const secrets = [
    ...secretFiles(rendered, declared, tree),
    ...secretVariables(rendered, declared, envFile),
    ...secretEnvironment(rendered),
  ];
  return { stack: { source, bound }, warnings: said === '' ? [] : said.split('\n').map(messageOf), secrets };
}

function namesOf({ stacks }: Declared): readonly string[] {
  return stacks.map(({ name }) => name);
}

function contentOf({ bound }: StagedStack): unknown {
  return {
    model: bound.model,
    data: bound.data.map(({ path, content }) => [path, digest(content.toString('base64'))]),
  };
}

function readVersions(
  parts: ReadonlyMap<string, string>,
  label: string,
): { engineVersion: string; composeVersion: string } {
  const [engineVersion, engineSaid] = answer(parts.get('engine'));
  if (engineSaid !== undefined) throw dockerUnusable(label, engineSaid);
  const [composeVersion, composeSaid] = answer(parts.get('compose'));
  const [major = 0, minor = 0] = composeVersion.replace(/^v/, '').split('.').map(Number);
  const tooOld = major < OLDEST_COMPOSE[0] || (major === OLDEST_COMPOSE[0] && minor < OLDEST_COMPOSE[1]);
  if (composeSaid === undefined && !tooOld) return { engineVersion, composeVersion };
  throw new GitopsError(composeSaid === undefined ? 'compose-too-old' : 'compose-missing', {
    attempted: `use Docker Compose on ${label}`,
    seen: composeSaid === undefined ? `version ${composeVersion}` : `it is not there; ${firstLine(composeSaid)}`,
    remedy: `install the Compose plugin ${OLDEST_COMPOSE.join('.')} or newer on the host, e.g. the package docker-compose-plugin`,
  });
}

/** Docker adds a page of help to its complaint about a command it does not know. */
function firstLine(said: string): string {
  return `\`docker compose version\` says: ${said.split('\n')[0]}`;
}

/** A program prints what a command said and then its exit code. */
function answer(said: string | undefined): readonly [string, string | undefined] {
  const lines = (said ?? '').trim().split('\n');
  const code = lines.pop();
  const text = lines.join('\n').trim();
  return code === '0' ? [text, undefined] : ['', text || 'no answer'];
}

function refuseUnset(stack: string, warnings: string): void {
  const names = [...warnings.matchAll(/The \\?"(\w+)\\?" variable is not set/g)].map(([, name]) => name);
  if (names.length === 0) return;
  throw new GitopsError('variable-unset', {
    attempted: `render the project ${stack}`,
    seen: `variables are not set: ${[...new Set(names)].join(', ')}`,
    remedy: 'set them in the `.env` beside the Compose file, or give them defaults; a literal `$` is written `$$`',
  });
}

function notStaged(label: string, stderr: string): GitopsError {
  return new GitopsError('not-staged', {
    attempted: `upload the commit's files to ${label}`,
    seen: stderr.trim() || 'the host stopped without a word',
    remedy: 'nothing was changed; look at the free space (`df -h`) and whether `tar` is there',
  });
}
