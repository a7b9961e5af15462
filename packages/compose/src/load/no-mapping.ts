import type { Finding, YamlFile } from '@gitops/core';

/** A file that says something, but no project. */
export function noMapping({ file, root }: YamlFile): readonly Finding[] {
  if (!root || root.isMapping) return [];
  const remedy = 'write a mapping with `services:`';
  const message = 'the file is no Compose file';
  return [{ rule: 'compose/not-a-mapping', severity: 'error', file, ...root.position, message, remedy }];
}
