import {
  type Finding,
  PathOutsideError,
  type Position,
  type RepositoryFile,
  type RepositoryView,
  type UploadedFile,
  type YamlFile,
} from '@gitops/core';
import { COMPOSE_FILE_NAMES, findComposeFiles, pathIn } from './compose-files.ts';
import { filesBelow } from './files-below.ts';
import type { Variables } from './interpolation.ts';
import { type Project, ProjectReader } from './project-reader.ts';

/** The place in the main Compose file of a path such as `['services', 'web', 'image']`: of the key for mappings and lists. */
export type PositionOf = (path: readonly (string | number)[]) => (Position & { readonly file: string }) | undefined;

/** What a commit says of one stack. */
export interface DeclaredStack {
  /** The Compose project name. */
  readonly name: string;
  /** Relative to the root of the repository; `''` is the root. */
  readonly folder: string;
  /** Compose files to give with `-f`, in order, relative to the root. */
  readonly files: readonly string[];
  /** The stack's `.env`, relative to the root. */
  readonly envFile?: string;
  /** What `.env` says. May hold secrets. */
  readonly variables: Variables;
  /** All that goes to the host, sorted by path. May hold secrets. */
  readonly upload: readonly UploadedFile[];
  /** Every service that is named, whatever its profile, sorted. */
  readonly services: readonly string[];
  readonly positions: PositionOf;
}

/** What was loaded; the stack is there whenever its main file could be parsed, even beside findings that are errors. */
export interface LoadedStack {
  readonly stack?: DeclaredStack;
  readonly findings: readonly Finding[];
}

const NO_ENV_FILE = { text: '', variables: {} };
const LARGE_BYTES = 50 * 1024 * 1024;

/**
 * Reads the Compose files of a folder, offline: places for messages, and what must be refused before anything
 * reaches the host. The host's own Compose renders them; this is no second one.
 */
export async function loadStack(view: RepositoryView, name: string, folder: string): Promise<LoadedStack> {
  return (await readStack(view, name, folder)).loaded;
}

/** A stack, and what it was read with, for who reads on. */
export interface StackReading {
  readonly loaded: LoadedStack;
  readonly read?: { readonly reader: ProjectReader; readonly project: Project };
}

export async function readStack(view: RepositoryView, name: string, folder: string): Promise<StackReading> {
  try {
    const files = await findComposeFiles(view, folder);
    return files[0] === undefined
      ? { loaded: { findings: [noComposeFile(folder)] } }
      : await load(view, name, folder, files[0], files);
  } catch (error) {
    return { loaded: { findings: [leavingLink(error)] } };
  }
}

async function load(
  view: RepositoryView,
  name: string,
  folder: string,
  main: string,
  files: readonly string[],
): Promise<StackReading> {
  const envPath = pathIn(folder, '.env');
  const hasEnvFile = (await view.stat(envPath)) === 'file';
  const reader = new ProjectReader(view);
  const { text: envText, variables } = hasEnvFile ? await reader.readEnvFile(envPath, {}) : NO_ENV_FILE;
  // Compose sets the project's name itself, so it counts as set.
  const known = { COMPOSE_PROJECT_NAME: name, ...variables };
  const project = { files, base: folder, envFile: envPath, variables: known, envTexts: [[envText]] };
  await reader.readProject(project);
  if (hasEnvFile) reader.files.set(envPath, { path: envPath, executable: false });
  const below = await filesOf(view, folder);
  const upload = await readAll(view, [...reader.files.values(), ...below.files]);
  const ofFiles = upload.flatMap((file) => [...largeFile(file), ...oddName(file)]);
  const findings = withoutRepetition([...reader.findings, ...below.findings, ...ofFiles]);
  const stack = {
    name,
    folder,
    files,
    ...(hasEnvFile ? { envFile: envPath } : {}),
    variables,
    upload,
    services: [...reader.services].sort(),
    positions: positionsIn(await reader.parse(main)),
  };
  return { loaded: { stack, findings }, read: { reader, project } };
}

/** All files of the folder; a link that leaves the repository is a finding beside those of the Compose files. */
async function filesOf(
  view: RepositoryView,
  folder: string,
): Promise<{ readonly files: readonly RepositoryFile[]; readonly findings: readonly Finding[] }> {
  try {
    return { files: await filesBelow(view, folder), findings: [] };
  } catch (error) {
    return { files: [], findings: [leavingLink(error)] };
  }
}

async function readAll(view: RepositoryView, files: readonly RepositoryFile[]): Promise<UploadedFile[]> {
  const byPath = new Map(files.map(({ path, executable }) => [path, executable]));
  const sorted = [...byPath].sort(([a], [b]) => (a < b ? -1 : 1));
  return Promise.all(sorted.map(async ([path, executable]) => ({ path, executable, content: await view.read(path) })));
}

function positionsIn(yaml: YamlFile): PositionOf {
  return (path) => {
    const value = yaml.root?.at(path);
    if (!value) return undefined;
    return { file: yaml.file, ...(value.scalar === undefined ? value.keyPosition : value.position) };
  };
}

/** A service that several others merge or extend is read for each of them. */
function withoutRepetition(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
}

function noComposeFile(folder: string): Finding {
  const names = COMPOSE_FILE_NAMES.join(', ');
  return {
    rule: 'compose/no-compose-file',
    severity: 'error',
    file: folder || '.',
    message: `there is no Compose file in ${folder || 'the root of the repository'}; looked for ${names}`,
    remedy: 'add one of these files, or correct `path` of the stack in environment.yml',
  };
}

/** Throws what is no link that leaves the repository. */
function leavingLink(error: unknown): Finding {
  if (!(error instanceof PathOutsideError)) throw error;
  const { path, seen, remedy } = error;
  return { rule: 'compose/path-outside', severity: 'error', file: path, message: seen, remedy };
}

function largeFile({ path, content }: UploadedFile): Finding[] {
  if (content.length <= LARGE_BYTES) return [];
  const message = `the file has ${Math.round(content.length / 1024 / 1024)} MB and is uploaded to the host`;
  return [
    {
      rule: 'compose/large-file',
      severity: 'warning',
      file: path,
      message,
      remedy: 'keep large files out of the folder of the stack',
    },
  ];
}

/** Hosts are told of files line by line. */
function oddName({ path }: UploadedFile): Finding[] {
  if (!/\p{Cc}/u.test(path)) return [];
  const message = 'the name of the file holds a line break or another control character';
  return [{ rule: 'compose/file-name', severity: 'error', file: path, message, remedy: 'give it another name' }];
}
