import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, posix, resolve } from 'node:path';
import { type ProjectPart, type ProjectSurvey, pickComposeFiles, surveyProject } from '@gitops/compose';
import { ConfigurationError, GitopsError, type RepositoryView } from '@gitops/core';
import { openFolder } from '@gitops/repository';
import { isNeverInGit } from './configuration-texts.ts';
import { type DraftFile, draftText } from './draft.ts';

/** A project with Compose files that lies in a folder, maybe without git. */
export interface SourceProject {
  readonly view: RepositoryView;
  readonly survey: ProjectSurvey;
  /** What Compose calls the project when it is run in that folder. */
  readonly project: string;
}

/** Something the project uses that is not copied, and what that means. */
export interface LeftBehind {
  readonly path: string;
  readonly why: string;
}

export interface SourceCopy {
  readonly files: readonly DraftFile[];
  readonly left: readonly LeftBehind[];
}

/** The Compose file that `docker compose` would take in a folder, or `undefined`. */
export async function composeFileIn(directory: string): Promise<string | undefined> {
  if (!(await stat(directory).catch(() => undefined))?.isDirectory()) return undefined;
  return (await pickComposeFiles(await openFolder(directory)))[0];
}

/**
 * Reads an existing project.
 *
 * @throws GitopsError `input` if there is no Compose file, `ConfigurationError` for what would keep the copy from being
 * deployed: paths that lead elsewhere, variables without a value, files that are missing
 */
export async function readSourceProject(path: string): Promise<SourceProject> {
  const place = resolve(path.replace(/^~(?=\/|$)/, homedir()));
  const found = await stat(place).catch(() => undefined);
  if (!found) throw noSource(path, 'there is no such file or folder');
  const folder = found.isDirectory() ? place : dirname(place);
  const view = await openFolder(folder);
  const composeFiles = await pickComposeFiles(view, found.isDirectory() ? undefined : basename(place));
  if (composeFiles.length === 0) throw noSource(path, 'the folder holds no compose.yaml or docker-compose.yml');
  const survey = await surveyProject(view, composeFiles);
  if (survey.findings.some(({ severity, rule }) => severity === 'error' && rule !== 'compose/missing-folder')) {
    throw new ConfigurationError(survey.findings.map((finding) => ({ ...finding, file: join(folder, finding.file) })));
  }
  return { view, survey, project: survey.projectName ?? nameOfFolder(folder) };
}

/** Compose's rule for the project of a folder. https://docs.docker.com/compose/how-tos/project-name/ */
function nameOfFolder(folder: string): string {
  return basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '')
    .replace(/^[_-]+/, '');
}

function noSource(path: string, seen: string): GitopsError {
  const remedy = 'give the Compose file itself or its folder, or leave --compose out for a starter';
  return new GitopsError('input', { attempted: `read the Compose files at ${path}`, seen, remedy });
}

/**
 * What of a project goes into the repository, to be put into `folder`. `copy` names writable mounts to take along.
 */
export async function copySource(source: SourceProject, folder: string, copy: readonly string[]): Promise<SourceCopy> {
  const wanted = new Set(copy.map((path) => posix.normalize(path).replace(/\/$/, '')));
  refuseUnknown(wanted, source.survey.parts);
  const parts = await Promise.all(source.survey.parts.map((part) => judge(source.view, part, wanted)));
  const files = new Map<string, DraftFile>();
  for (const { part, secret } of parts.filter(({ left }) => left === undefined)) {
    for (const { path, executable } of part.files) {
      const target = posix.join(folder, targetName(source.survey, path));
      const content = await source.view.read(path);
      // An empty file tells nothing, so git may have it unless it ignores the name.
      const mayTell = content.length > 0 && (secret || (files.get(target)?.secret ?? false));
      files.set(target, { ...draftText(target, ''), content, executable, secret: mayTell || isNeverInGit(path) });
    }
  }
  const left = parts.flatMap(({ part, left }) => (left === undefined ? [] : { path: part.path, why: left }));
  return { files: [...files.values()], left: [...left, ...source.survey.built.map(builtElsewhere)] };
}

function refuseUnknown(wanted: ReadonlySet<string>, parts: readonly ProjectPart[]): void {
  const writable = parts.filter(({ kind }) => kind === 'writable').map(({ path }) => path);
  const unknown = [...wanted].find((path) => !writable.includes(path));
  if (unknown === undefined) return;
  throw new GitopsError('input', {
    attempted: `take along ${unknown}`,
    seen: 'no service mounts it writable',
    remedy: writable.length === 0 ? 'leave --copy out' : `name one of ${writable.join(', ')}`,
  });
}

/** Compose finds its main file by name. */
function targetName({ composeFiles }: ProjectSurvey, path: string): string {
  const isStandard = /^(?:docker-)?compose\.ya?ml$/.test(path);
  return path === composeFiles[0] && !isStandard ? 'compose.yaml' : path;
}

interface Judged {
  readonly part: ProjectPart;
  readonly secret: boolean;
  readonly left?: string;
}

/** A writable mount is the application's unless it is a text file that others may read, as configuration is. */
async function judge(view: RepositoryView, part: ProjectPart, wanted: ReadonlySet<string>): Promise<Judged> {
  if (part.kind === 'host') return { part, secret: false, left: 'a path of the host itself: it must exist there' };
  const isPrivate = await anyPrivate(view, part);
  if (part.kind !== 'writable') return { part, secret: part.kind === 'secret' || isPrivate };
  if (wanted.has(part.path)) return { part, secret: isPrivate };
  const isFile = (await view.stat(part.path)) === 'file';
  if (isFile && !isPrivate && !(await view.read(part.path)).includes(0)) return { part, secret: false };
  return { part, secret: false, left: writable(part.path) };
}

function writable(path: string): string {
  return `mounted writable, so it is taken for data: to keep what the host has, write its absolute path there; if it is configuration, mount it read-only (\`:ro\`) or add --copy ${path}`;
}

function builtElsewhere(service: string): LeftBehind {
  return { path: `build of ${service}`, why: 'images are not built by a deployment: name a published `image:`' };
}

async function anyPrivate(view: RepositoryView, { files, kind }: ProjectPart): Promise<boolean> {
  if (kind === 'compose') return false;
  const modes = await Promise.all(files.map(({ path }) => stat(join(view.root, path)).catch(() => undefined)));
  return modes.some((found) => found !== undefined && (found.mode & 0o077) === 0);
}
