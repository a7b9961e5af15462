import { type Finding, PathOutsideError, type RepositoryFile, type RepositoryView, type YamlFile } from '@gitops/core';
import { filesBelow } from './files-below.ts';
import { placeOf } from './place-of.ts';
import type { Reference } from './references.ts';

/** What stands behind a reference: files of the repository, or findings that say why there are none. */
export interface Resolved {
  /** The place in the repository, if there is something. */
  readonly path?: string;
  readonly files: readonly RepositoryFile[];
  readonly findings: readonly Finding[];
}

const NOTHING: Resolved = { files: [], findings: [] };

/** Looks up a reference that is written in `yaml`; relative paths begin at the folder `base`. */
export async function resolveReference(
  view: RepositoryView,
  yaml: YamlFile,
  base: string,
  reference: Reference,
): Promise<Resolved> {
  const place = placeOf(reference, base);
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
        remedy: 'add it to git, or correct the path',
      }),
    );
  }
  const remedy =
    'nothing, if the application fills it: the folder on the host stays as it is, and is made where there is none';
  return found(findingAt(yaml, reference, 'warning', { rule: 'compose/missing-folder', message, remedy }));
}

function found(finding: Finding): Resolved {
  return { files: [], findings: [finding] };
}

function findingAt(
  yaml: YamlFile,
  { value }: Reference,
  severity: Finding['severity'],
  fault: Pick<Finding, 'rule' | 'message' | 'remedy'>,
): Finding {
  return { ...fault, severity, file: yaml.file, ...value.position };
}
