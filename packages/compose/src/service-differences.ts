import { canonical, type DesiredService, type FieldDifference, type MountedObject } from '@gitops/core';
import { fieldDifferences } from './fields.ts';

/**
 * What differs between a service as it is recorded and as it is desired. Files of git are named, as `files.<path>`, in place of
 * the paths and the label by which Compose is made to see that their content changed. Pure.
 */
export function serviceDifferences(
  before: DesiredService,
  after: DesiredService,
  objects: readonly MountedObject[],
): readonly FieldDifference[] {
  const fields = fieldDifferences(before.definition, after.definition);
  const changed = after.objects.filter((digest) => !before.objects.includes(digest));
  const files = objects.filter(({ digest }) => changed.includes(digest)).map(({ source }) => source);
  if (files.length === 0) return fields;
  const isTold = ({ field }: FieldDifference) =>
    (field === 'volumes' && placeless(before) === placeless(after)) ||
    (field === 'labels.gitops.inputs' && changed.some((digest) => !isMounted(after, digest)));
  const paths = [...new Set(files)].sort();
  return [...fields.filter((each) => !isTold(each)), ...paths.map((path) => ({ field: `files.${path}` }))];
}

/** The mounts of a service, whatever the content of what it mounts. */
function placeless(service: DesiredService): string {
  return canonical(
    mountsOf(service).map((mount) => (objectIn(service, mount) === undefined ? mount : { ...mount, source: '' })),
  );
}

/** By a bind; what is no bind is a config or a secret. */
function isMounted(service: DesiredService, digest: string): boolean {
  return mountsOf(service).some((mount) => objectIn(service, mount) === digest);
}

function objectIn({ objects }: DesiredService, mount: Mount): string | undefined {
  return objects.find((digest) => String(mount['source']).endsWith(`/objects/${digest}`));
}

type Mount = Readonly<Record<string, unknown>>;

function mountsOf({ definition }: DesiredService): readonly Mount[] {
  const list: unknown = definition['volumes'];
  return Array.isArray(list) ? list : [];
}
