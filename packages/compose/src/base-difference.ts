import type { BaseDifference, FieldDifference, UploadedFile } from '@gitops/core';
import { asMap, fieldDifferences } from './fields.ts';
import { UNKNOWN_VALUE } from './load/interpolation.ts';
import { changedFiles, filesUsedBy } from './used-files.ts';

/** A stack of a commit, as far as it is known without a host. */
export interface OfflineStack {
  /** The model is like `docker compose config --format json` prints it, with paths relative to the root of the repository. */
  readonly project: { readonly name: string; readonly model: unknown };
  /** The files of the stack. Where one side has none, nothing is said of their content. */
  readonly upload?: readonly UploadedFile[];
}

/**
 * What a commit changes of a stack against another commit: services, networks and all else of the project, by the names of
 * fields, and files by their paths. `undefined` is a stack that is not there. Pure.
 */
export function baseDifferences(
  before: OfflineStack | undefined,
  after: OfflineStack | undefined,
): readonly BaseDifference[] {
  const stack = (after ?? before)?.project.name ?? '';
  const changed = before?.upload && after?.upload ? changedFiles(before.upload, after.upload) : [];
  const resources = SECTIONS.flatMap(([section, kind]) => {
    const [was, now] = [sectionOf(before, section), sectionOf(after, section)];
    const names = [...new Set([...Object.keys(was), ...Object.keys(now)])].sort();
    return names.flatMap((name) => {
      const files = kind === 'service' ? filesUsedBy(name, after?.project.model, changed) : [];
      return difference({ stack, kind, name }, own(was, name), own(now, name), files);
    });
  });
  const files = unnamedFiles(before, after).filter((path) => resources.length === 0 || !MAIN_FILE.test(path));
  return [...wholeStack(stack, before, after, files), ...resources];
}

/** What is told of a Compose file is what it says; where that is the same, that somebody touched it. */
const MAIN_FILE = /(?:^|\/)(?:docker-)?compose(?:\.override)?\.ya?ml$/;

/** Files that changed and that no service reads or mounts: what is encrypted, what an image is built of, documentation. */
function unnamedFiles(before: OfflineStack | undefined, after: OfflineStack | undefined): readonly string[] {
  if (!before?.upload || !after?.upload) return [];
  const changed = changedFiles(before.upload.filter(isKnown), after.upload.filter(isKnown));
  const used = new Set(
    [before, after].flatMap((stack) =>
      Object.keys(sectionOf(stack, 'services')).flatMap((name) => filesUsedBy(name, stack.project.model, changed)),
    ),
  );
  return changed.filter((path) => !used.has(path));
}

/** A file that stands for one that nobody could open is not in the repository; the encrypted one is. */
function isKnown({ content }: UploadedFile): boolean {
  return !content.includes(UNKNOWN_VALUE);
}

const SECTIONS = [
  ['services', 'service'],
  ['networks', 'network'],
  ['volumes', 'volume'],
  ['configs', 'config'],
  ['secrets', 'secret'],
] as const;

/** How many containers there are is told by a field of its own. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['scale']);

type Names = Pick<BaseDifference, 'stack' | 'kind' | 'name'>;

function wholeStack(
  stack: string,
  before: OfflineStack | undefined,
  after: OfflineStack | undefined,
  files: readonly string[],
): readonly BaseDifference[] {
  const what = { stack, kind: 'stack', name: stack } as const;
  const [was, now] = [before?.project.name, after?.project.name];
  if (was === undefined) return now === undefined ? [] : [{ ...what, change: 'added', fields: [] }];
  if (now === undefined) return [{ ...what, change: 'removed', fields: [] }];
  const renamed = was === now ? [] : [{ field: 'name', before: was, after: now }];
  const fields = [...renamed, ...fieldsOfFiles(files)];
  return fields.length === 0 ? [] : [{ ...what, change: 'changed', fields }];
}

function fieldsOfFiles(paths: readonly string[]): readonly FieldDifference[] {
  return paths.map((path) => ({ field: `files.${path}` }));
}

function difference(
  names: Names,
  was: Fields | undefined,
  now: Fields | undefined,
  files: readonly string[],
): readonly BaseDifference[] {
  if (!now) return [{ ...names, change: 'removed', fields: [] }];
  if (!was) return [{ ...names, change: 'added', fields: imageOf(now) }];
  const fields = [
    ...fieldDifferences(was, now, TOLD_OTHERWISE).map(withoutUnknown),
    ...(names.kind === 'service' ? replicaDifference(was, now) : []),
    ...fieldsOfFiles(files),
  ];
  return fields.length === 0 ? [] : [{ ...names, change: 'changed', fields }];
}

/** Of a new service its image tells the most. */
function imageOf(now: Fields): readonly FieldDifference[] {
  const image = now['image'];
  return typeof image === 'string' ? [withoutUnknown({ field: 'image', before: 'none', after: image })] : [];
}

function replicaDifference(was: Fields, now: Fields): readonly FieldDifference[] {
  const [before, after] = [replicas(was), replicas(now)];
  return before === after ? [] : [{ field: 'replicas', before, after }];
}

function replicas({ scale, deploy }: Fields): string {
  return String(scale ?? asMap(deploy)['replicas'] ?? 1);
}

/** Variables whose values nobody knows here are `?`. */
function withoutUnknown({ field, before, after }: FieldDifference): FieldDifference {
  if (before === undefined || after === undefined) return { field };
  const [was, now] = [before, after].map((value) => value.replaceAll(UNKNOWN_VALUE, '?'));
  return { field, before: was ?? '', after: now ?? '' };
}

type Fields = Readonly<Record<string, unknown>>;

function sectionOf(stack: OfflineStack | undefined, section: string): Fields {
  return asMap(asMap(stack?.project.model)[section]);
}

/** Compose lets a section name a resource without saying anything of it. */
function own(section: Fields, name: string): Fields | undefined {
  return Object.hasOwn(section, name) ? asMap(section[name]) : undefined;
}
