import { posix } from 'node:path';
import type { RepositoryView } from '@gitops/core';
import type { Variables } from '../load/interpolation.ts';
import type { ProjectReader } from '../load/project-reader.ts';
import { canonical } from './canonical.ts';
import { withDefaults } from './defaults.ts';
import { envFileFaults } from './env-files.ts';
import { type ExtendedFile, withExtensions } from './extends.ts';
import type { Faults } from './faults.ts';
import { variablesWith } from './included-variables.ts';
import { type Inclusion, inclusionsOf, withImported } from './includes.ts';
import { merge } from './merge.ts';
import { withOwnVariables } from './normalized.ts';
import { placedPaths } from './placed-paths.ts';
import { isMap, listOf, mapOf, newMap, type PlainMap } from './plain.ts';
import { type ReadDocument, readDocument } from './read-document.ts';
import { withoutPaths } from './resets.ts';
import { schemaFaults } from './schema-findings.ts';
import { withoutRepetition } from './unique.ts';

/** What the files of a project are read with. */
export interface Reading {
  readonly view: RepositoryView;
  readonly reader: ProjectReader;
  readonly faults: Faults;
}

/** Files that are read as one project. */
export interface FileSet {
  readonly files: readonly string[];
  /** The folder of the project in the repository. */
  readonly base: string;
  /** The same from the folder of the project that includes it. */
  readonly folder: string;
  readonly variables: Variables;
  /** Files that led here. */
  readonly includedBy: readonly string[];
}

/**
 * Merges the files of a project as Compose does. `undefined` where a file cannot be read or the schema refuses what
 * was merged; then there are findings that say so, be it those of the reader.
 */
export async function loadModel(set: FileSet, reading: Reading): Promise<PlainMap | undefined> {
  let project: PlainMap = newMap();
  for (const file of set.files) {
    const next = await withFile(project, file, set, reading);
    if (next === undefined) return undefined;
    project = next;
  }
  const { faults } = reading;
  if (Object.keys(project).length === 0) {
    faults.add('compose/empty-project', {}, 'the project says nothing', 'add `services:`');
    return undefined;
  }
  const placed = placedPaths(withDefaults(project, faults), set.folder, faults);
  return set.includedBy.length === 0 ? placed : withOwnVariables(placed, set.variables, faults);
}

async function withFile(before: PlainMap, file: string, set: FileSet, reading: Reading): Promise<PlainMap | undefined> {
  const { faults } = reading;
  const document = await read(file, set.variables, reading);
  if (!document || !isMap(document.root)) return undefined;
  const open = (path: string) => openExtended(path, set, reading);
  const extended = await withExtensions(document.root, document.resets, faults, open);
  const own = extended && (await withInclusions(extended, file, set, reading));
  if (own === undefined) return undefined;
  const rest = withoutPaths(before, document.resets, faults);
  const merged = withoutRepetition(Object.keys(rest).length === 0 ? own : merge(rest, own, [], faults), faults);
  const known = withoutPaths(merged, schemaFaults(merged, faults), faults);
  if (faults.isUnreadable) return undefined;
  return withoutRepetition(canonical(withoutVersion(known, faults), faults), faults);
}

async function read(
  file: string,
  variables: Variables,
  { reader, faults }: Reading,
): Promise<ReadDocument | undefined> {
  const yaml = await reader.parse(file);
  return yaml.root && readDocument(yaml, variables, faults);
}

/** Compose has not looked at it since its second version. */
function withoutVersion(project: PlainMap, faults: Faults): PlainMap {
  if (!('version' in project)) return project;
  const { version: _, ...rest } = project;
  return faults.origins.follow(newMap(rest), project);
}

async function openExtended(path: string, set: FileSet, reading: Reading): Promise<ExtendedFile | undefined> {
  const file = await found(path, set.base, reading);
  const document = file && (await read(file, set.variables, reading));
  if (!document) return undefined;
  const { faults } = reading;
  const whole = canonical(withoutRepetition(mapOf(document.root), faults), faults);
  const placed = placedPaths(whole, posix.dirname(path), faults);
  return { services: mapOf(placed['services']), resets: document.resets };
}

export async function checkEnvFile(path: string, variables: Variables, { view, faults }: Reading): Promise<void> {
  envFileFaults(path, (await view.read(path)).toString('utf8'), variables, faults);
}

/** Why a file is not there is said by the reader. */
async function found(path: string, base: string, { view }: Reading): Promise<string | undefined> {
  const file = posix.join(base, path);
  if (posix.isAbsolute(path) || file.startsWith('../')) return undefined;
  const isFile = (await view.stat(file).catch(() => undefined)) === 'file';
  return isFile ? file : undefined;
}

async function withInclusions(
  own: PlainMap,
  file: string,
  set: FileSet,
  reading: Reading,
): Promise<PlainMap | undefined> {
  const inclusions = inclusionsOf(own);
  if (inclusions.length === 0) return own;
  const { include: _, ...rest } = own;
  let project = reading.faults.origins.follow(newMap(rest), own);
  for (const [index, inclusion] of inclusions.entries()) {
    if (inclusion.paths.length === 0) return refuseEmpty(own, index, reading);
    const included = await inclusionSet(inclusion, file, set, reading);
    const [main] = included?.files ?? [];
    if (!included || main === undefined) return undefined;
    if (included.includedBy.includes(main)) return refuseCycle(own, index, main, reading);
    const imported = await loadModel(included, reading);
    if (imported === undefined) return undefined;
    project = withImported(project, imported, reading.faults);
  }
  return project;
}

async function inclusionSet(
  { paths, envFiles, projectDirectory }: Inclusion,
  file: string,
  set: FileSet,
  reading: Reading,
): Promise<FileSet | undefined> {
  const [main] = paths;
  if (main === undefined) return undefined;
  const folder = posix.normalize(projectDirectory ?? posix.dirname(main));
  const base = rootless(posix.join(set.base, folder));
  const files = await foundAll(paths, set.base, reading);
  const own = envFiles.length > 0 ? envFiles : [posix.join(folder, '.env')];
  const envPaths = await foundAll(
    own.filter((path) => path !== '/dev/null'),
    set.base,
    reading,
  );
  if (files === undefined || (envPaths === undefined && envFiles.length > 0)) return undefined;
  for (const path of envPaths ?? []) await checkEnvFile(path, set.variables, reading);
  const variables = await variablesWith(reading.view, envPaths ?? [], set.variables);
  return { files, base, folder, variables, includedBy: [...set.includedBy, file] };
}

async function foundAll(paths: readonly string[], base: string, reading: Reading): Promise<string[] | undefined> {
  const files = await Promise.all(paths.map((path) => found(path, base, reading)));
  const known = files.filter((file) => file !== undefined);
  return known.length === paths.length ? known : undefined;
}

function rootless(folder: string): string {
  const plain = folder.replace(/\/$/, '');
  return plain === '.' ? '' : plain;
}

function refuseEmpty(project: PlainMap, index: number, { faults }: Reading): undefined {
  const place = { in: listOf(project['include']), step: index };
  faults.add('compose/missing-key', place, `\`include[${index}]\` has no \`path\``, 'add `path:`, the file to include');
  return undefined;
}

function refuseCycle(project: PlainMap, index: number, main: string, { faults }: Reading): undefined {
  const place = { in: listOf(project['include']), step: index };
  faults.add('compose/cycle', place, `\`include\` leads back to \`${main}\``, 'remove one of the inclusions');
  return undefined;
}
