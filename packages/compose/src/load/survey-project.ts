import type { Finding, RepositoryView } from '@gitops/core';
import { findComposeFiles } from './compose-files.ts';
import { parseDotenv } from './dotenv.ts';
import { interpolate } from './interpolation.ts';
import { placeOf } from './place-of.ts';
import { type Followed, ProjectReader } from './project-reader.ts';

/** A file or folder that a project's Compose files name, or one of those files themselves. */
export interface ProjectPart {
  /** Relative to the folder of the project; as written for paths of the host. */
  readonly path: string;
  /**
   * `compose`: a Compose file; `secret`: an env file or a file of `secrets:`; `config`: any other file to read;
   * `writable`: a bind mount that the application may write to; `host`: an absolute path of the host.
   */
  readonly kind: 'compose' | 'secret' | 'config' | 'writable' | 'host';
  /** The files behind it; none for paths of the host, and for folders that are not there. */
  readonly files: readonly { readonly path: string; readonly executable: boolean }[];
}

/** What a project that lies anywhere consists of. */
export interface ProjectSurvey {
  /** Compose files that Compose would use, main file first. */
  readonly composeFiles: readonly string[];
  readonly parts: readonly ProjectPart[];
  /** Services with `build:`, whose images are not made by a deployment. */
  readonly built: readonly string[];
  /** What the files themselves call the project: `name:`, or COMPOSE_PROJECT_NAME in `.env`. */
  readonly projectName?: string;
  readonly findings: readonly Finding[];
}

/**
 * Finds out what a project consists of, offline. `composeFiles` are relative to the root of the view, which is the
 * folder of the project.
 */
export async function surveyProject(view: RepositoryView, composeFiles: readonly string[]): Promise<ProjectSurvey> {
  const reader = new ProjectReader(view);
  const dotenv = (await view.stat('.env')) === 'file' ? (await view.read('.env')).toString('utf8') : undefined;
  const variables = parseDotenv(dotenv ?? '');
  const known = { COMPOSE_PROJECT_NAME: '', ...variables };
  await reader.readProject({
    files: composeFiles,
    base: '',
    envFile: '.env',
    variables: known,
    envTexts: [[dotenv ?? '']],
  });
  const main = await reader.parse(composeFiles[0] ?? '');
  const written = main.root?.get('name')?.text;
  const projectName = variables['COMPOSE_PROJECT_NAME'] || (written && interpolate(written, known).text);
  return {
    composeFiles,
    parts: partsOf(reader, composeFiles, dotenv !== undefined),
    built: [...(main.root?.get('services')?.entries ?? [])].flatMap(([name, it]) => (it.get('build') ? name : [])),
    ...(projectName ? { projectName } : {}),
    findings: reader.findings,
  };
}

/** The Compose files that Compose would pick in the root of the view, and where one of them is named, whether it is that. */
export async function pickComposeFiles(view: RepositoryView, named?: string): Promise<readonly string[]> {
  const picked = await findComposeFiles(view, '');
  return named === undefined || picked[0] === named ? picked : [named];
}

function partsOf(reader: ProjectReader, composeFiles: readonly string[], hasDotenv: boolean): ProjectPart[] {
  const own = composeFiles.map((path): ProjectPart => partOfFile(path, 'compose'));
  const dotenv = hasDotenv ? [partOfFile('.env', 'secret')] : [];
  const parts = [...own, ...dotenv, ...reader.followed.flatMap(partOf)];
  // The `.env` beside an included file is read without being named.
  const covered = new Set(parts.flatMap(({ files }) => files.map(({ path }) => path)));
  const unnamed = [...reader.files.keys()].filter((path) => !covered.has(path));
  return [...parts, ...unnamed.map((path) => partOfFile(path, 'secret'))];
}

function partOfFile(path: string, kind: ProjectPart['kind']): ProjectPart {
  return { path, kind, files: [{ path, executable: false }] };
}

function partOf({ reference, base, files }: Followed): ProjectPart[] {
  const place = placeOf(reference, base);
  if (place.at === 'fault') return [];
  if (place.at === 'host') return [{ path: reference.path, kind: 'host', files: [] }];
  return [{ path: place.path || '.', kind: kindOf(reference, place.path), files }];
}

function kindOf({ kind, writable }: Followed['reference'], path: string): ProjectPart['kind'] {
  if (writable) return 'writable';
  if (kind === 'env_file' || kind === 'secret' || /(?:^|\/)\.env(?:\.|$)|\.env$/.test(path)) return 'secret';
  return kind === 'include' || kind === 'extends' ? 'compose' : 'config';
}
