import { type Finding, PathOutsideError, type RepositoryFile, type RepositoryView, type YamlFile } from '@gitops/core';
import { filesBelow } from './files-below.ts';
import { type Place, placeOf } from './place-of.ts';
import type { Reference } from './references.ts';
import { unclearPath } from './unclear-path.ts';
import { looksLikeFile } from './volume-source.ts';

/** What stands behind a reference: files of the repository, or findings that say why there are none. */
export interface Resolved {
  /** The place in the repository, if there is something. */
  readonly path?: string;
  readonly files: readonly RepositoryFile[];
  readonly findings: readonly Finding[];
}

const NOTHING: Resolved = { files: [], findings: [] };

/** Where the paths of a Compose file begin, and the `.env` files that their variables come from. */
export interface Surroundings {
  readonly base: string;
  readonly envTexts: readonly (readonly string[])[];
}

/** Judges a path by its words alone, also whether it is certain what they are. */
export function judgePlace(reference: Reference, { base, envTexts }: Surroundings): Place {
  const unclear = unclearPath(reference, envTexts);
  return unclear ? { at: 'fault', fault: unclear } : placeOf(reference, base);
}

/** Looks up a reference that is written in `yaml`. */
export async function resolveReference(
  view: RepositoryView,
  yaml: YamlFile,
  surroundings: Surroundings,
  reference: Reference,
): Promise<Resolved> {
  const place = judgePlace(reference, surroundings);
  if (place.at === 'host') return NOTHING;
  if (place.at === 'fault') return found(findingAt(yaml, reference, 'error', place.fault));
  try {
    return await lookUp(view, yaml, reference, place.path);
  } catch (error) {
    if (!(error instanceof PathOutsideError)) throw error;
    return found(
      findingAt(yaml, reference, 'error', { rule: 'compose/path-outside', message: error.seen, remedy: error.remedy }),
    );
  }
}

async function lookUp(view: RepositoryView, yaml: YamlFile, reference: Reference, path: string): Promise<Resolved> {
  const kind = await view.stat(path);
  if (kind === 'file') return { path, files: [{ path, executable: await view.isExecutable(path) }], findings: [] };
  if (kind === 'folder' && reference.kind !== 'bind') {
    const fault = { rule: 'compose/not-a-file', message: `\`${reference.path}\` is a folder`, remedy: 'name a file' };
    return found(findingAt(yaml, reference, 'error', fault));
  }
  const files = kind === 'folder' ? await filesBelow(view, path) : [];
  return files.length > 0 ? { path, files, findings: [] } : missing(yaml, reference, path, kind);
}

function missing(yaml: YamlFile, reference: Reference, path: string, kind: 'folder' | undefined): Resolved {
  if (reference.ifMissing === 'ignored') return NOTHING;
  const what = kind === 'folder' ? 'holds no file that git tracks' : 'does not exist';
  const message = `\`${reference.path}\` ${what} (\`${path}\` in the repository)`;
  if (reference.ifMissing === 'error') {
    return found(
      findingAt(yaml, reference, 'error', {
        rule: 'compose/missing-file',
        message,
        remedy: remedyOf(reference),
      }),
    );
  }
  const remedy =
    'nothing, if the application fills it: the folder on the host stays as it is, and is made where there is none';
  return found(findingAt(yaml, reference, 'warning', { rule: 'compose/missing-folder', message, remedy }));
}

/** What people keep out of git on purpose is not to be added to it. */
function remedyOf({ kind, path, writable }: Reference): string {
  if (/(?:^|\/)\.env$/.test(path)) {
    return 'if git ignores it, nobody but you may have it: encrypt it (docs/secrets.md) and name it as `secrets:` of the stack, let the workflow write it, or add `.env.example` with its names';
  }
  if (path.endsWith('.env')) {
    return 'add it to git, or correct the path; what is secret goes into the `.env` of the stack, encrypted (docs/secrets.md)';
  }
  if (kind === 'bind' && writable && looksLikeFile(path)) {
    return "if the application writes it, name the host's own file by its absolute path; if it is configuration, add it to git";
  }
  return 'add it to git, or correct the path';
}

function found(finding: Finding): Resolved {
  return { files: [], findings: [finding] };
}

/** A finding at the place where a reference is written. */
export function findingAt(
  yaml: YamlFile,
  { value }: Reference,
  severity: Finding['severity'],
  fault: Pick<Finding, 'rule' | 'message' | 'remedy'>,
): Finding {
  return { ...fault, severity, file: yaml.file, ...value.position };
}
