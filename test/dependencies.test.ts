import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspacePackages } from './workspace.ts';

const page = join(import.meta.dirname, '..', 'docs', 'dependencies.md');

test('docs/dependencies.md gives a reason for every direct dependency and for no other', async () => {
  const documented = [...(await readFile(page, 'utf8')).matchAll(/^\| +`(?<name>[^`]+)` +\|/gm)].map(
    ([, name]) => name,
  );
  expect(documented.toSorted()).toEqual(Object.keys(await directDependencies()).toSorted());
});

test('every dependency is pinned to one exact version in the whole workspace', async () => {
  for (const [name, versions] of Object.entries(await directDependencies())) {
    expect(versions, name).toHaveLength(1);
    expect(versions[0], name).toMatch(/^\d+\.\d+\.\d+$/);
  }
});

/** The versions asked for, by name of the dependency; our own packages are none. */
async function directDependencies(): Promise<Record<string, readonly string[]>> {
  const versions = new Map<string, Set<string>>();
  for (const { dependencies, devDependencies } of await workspacePackages()) {
    for (const [name, version] of [...Object.entries(dependencies), ...Object.entries(devDependencies)]) {
      if (version !== 'workspace:*') versions.set(name, (versions.get(name) ?? new Set()).add(version));
    }
  }
  return Object.fromEntries([...versions].map(([name, set]) => [name, [...set]]));
}
