import { type Declared, digest, type Environment, GitopsError, type Lease, secretValues } from '@gitops/core';
import { type Connection, PROGRAMS, packTar, splitParts, unwritable } from '@gitops/host';
import { type Bound, bindToContent } from './bind.ts';
import { messageOf, refusedByCompose } from './compose-refusal.ts';
import { type ImageFacts, parseImages } from './images.ts';
import { parseDotenv } from './load/dotenv.ts';
import { dockerUnusable } from './observe.ts';
import { parseRendered, type Rendered } from './rendered.ts';

const STAGE_MS = 300_000;
/** Older ones lack `!reset`, and differ in what they render. */
export const OLDEST_COMPOSE = [2, 24] as const;

/** What the host made of the commit: rendered, with every path bound to its content; images not looked at yet. */
export interface Staged {
  readonly bound: Bound;
  readonly images: ImageFacts;
  readonly staging: string;
  readonly digest: string;
  readonly engineVersion: string;
  readonly composeVersion: string;
  readonly warnings: readonly string[];
  /** Values of the Compose secrets, from files and from the `.env`. */
  readonly secrets: readonly string[];
}

export interface StageInput {
  readonly connection: Connection;
  readonly environment: Environment;
  readonly declared: Declared;
  readonly folder: string;
  readonly lease: Lease | undefined;
}

/** Uploads the commit's files and lets the host's own Compose render them. Without a lease nothing stays on the host. */
export async function stage(input: StageInput): Promise<Staged> {
  const { connection, environment, declared, folder, lease } = input;
  const staging = lease ? `${folder}/staging/${lease.fence}` : '';
  const files = declared.upload.map(({ path, content, executable }) => ({
    path,
    content,
    mode: executable ? 0o755 : 0o644,
  }));
  const { code, stdout, stderr } = await connection.run({
    what: 'render the project',
    script: PROGRAMS.stage,
    args: [staging, environment.stack.name, declared.folder, declared.envFile ?? '', ...declared.composeFiles],
    stdin: packTar(files),
    timeoutMs: STAGE_MS,
  });
  const parts = splitParts(stdout.toString('utf8'));
  if (parts.has('unwritable')) throw unwritable(connection.label, folder);
  if (code !== 0) throw notStaged(connection.label, stderr);
  return readStaged(input, parts, staging);
}

function readStaged(
  { connection, environment, declared, folder }: StageInput,
  parts: ReadonlyMap<string, string>,
  staging: string,
): Staged {
  const versions = readVersions(parts, connection.label);
  const warnings = (parts.get('error') ?? '').trim();
  if (parts.get('code')?.trim() !== '0') throw refusedByCompose(declared, warnings, parts.get('staging')?.trim() ?? '');
  refuseUnset(warnings);
  const tree = parts.get('staging')?.trim() ?? '';
  const rendered = parseRendered(parts.get('rendered') ?? '');
  const bound = bindToContent(rendered, {
    tree,
    environmentFolder: folder,
    stack: environment.stack.name,
    owner: { name: environment.repositoryName, environment: environment.name },
    upload: declared.upload,
    ...(declared.envFile !== undefined && { envFile: declared.envFile }),
  });
  return {
    bound,
    images: parseImages(parts.get('images') ?? ''),
    staging,
    digest: digest({
      model: bound.model,
      data: bound.data.map(({ path, content }) => [path, digest(content.toString('base64'))]),
      health: environment.health,
    }),
    warnings: warnings === '' ? [] : warnings.split('\n').map(messageOf),
    secrets: [
      ...secretFiles(rendered, declared, tree),
      ...secretVariables(rendered, declared),
      ...secretEnvironment(rendered),
    ],
    ...versions,
  };
}

function secretFiles(rendered: Rendered, { upload }: Declared, tree: string): readonly string[] {
  const paths = new Set(Object.values(rendered.secrets ?? {}).map(({ file = '' }) => file.slice(tree.length + 1)));
  return upload.filter(({ path }) => paths.has(path)).map(({ content }) => content.toString('utf8'));
}

/** From wherever a service got it: `environment`, an `env_file`, a default. */
function secretEnvironment({ services }: Rendered): readonly string[] {
  return Object.values(services).flatMap(({ environment }) => {
    const texts = Object.entries(environment ?? {}).filter((entry) => typeof entry[1] === 'string');
    return secretValues(Object.fromEntries(texts.map(([name, value]) => [name, String(value)])));
  });
}

function secretVariables(rendered: Rendered, { upload, envFile }: Declared): readonly string[] {
  const content = upload.find(({ path }) => path === envFile)?.content.toString('utf8') ?? '';
  const variables = parseDotenv(content);
  return Object.values(rendered.secrets ?? {}).flatMap(({ environment = '' }) => variables[environment] ?? []);
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

function refuseUnset(warnings: string): void {
  const names = [...warnings.matchAll(/The \\?"(\w+)\\?" variable is not set/g)].map(([, name]) => name);
  if (names.length === 0) return;
  throw new GitopsError('variable-unset', {
    attempted: 'render the project',
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
