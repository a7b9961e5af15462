import type { Desired, DesiredService, HostMount } from '@gitops/core';
import { fromCompose } from './adopt/definition.ts';

/** The files and folders of the host itself that a service mounts. `before` is what is recorded of it. Pure. */
export function hostMounts(
  { definition }: DesiredService,
  { hostPaths }: Pick<Desired, 'hostPaths'>,
  before: DesiredService | undefined,
): readonly HostMount[] {
  if (hostPaths.length === 0) return [];
  const known = new Set(bindsOf(before?.definition ?? {}).map(({ source, target }) => `${source}:${target}`));
  return bindsOf(definition)
    .filter(({ source }) => hostPaths.includes(source))
    .map((bind) => ({ ...bind, isNew: !known.has(`${bind.source}:${bind.target}`) }));
}

function bindsOf(definition: DesiredService['definition']): readonly Omit<HostMount, 'isNew'>[] {
  const list: unknown = definition['volumes'];
  if (!Array.isArray(list)) return [];
  return list
    .filter((mount: Readonly<Record<string, unknown>>) => mount['type'] === 'bind')
    .map((mount: Readonly<Record<string, unknown>>) => ({
      source: fromCompose(String(mount['source'])),
      target: String(mount['target']),
      readOnly: mount['read_only'] === true,
    }));
}
