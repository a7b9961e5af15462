import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { changedDataFindings } from './changed-data.ts';
import { changedResourceFindings } from './changed-resources.ts';
import { changedVersionFindings } from './changed-versions.ts';
import { found } from './found.ts';

/**
 * What a change of the files would do to data and networks on a host that runs the files before it. A new project does
 * nothing to what is there, and of one that goes, networks and containers are removed and volumes stay. Pure.
 */
export function lintChange(before: ComposeProject | undefined, after: ComposeProject | undefined): readonly Finding[] {
  if (!before || !after) return [];
  return [
    ...renamedProject(before, after),
    ...changedResourceFindings(before, after),
    ...changedDataFindings(before, after),
    ...changedVersionFindings(before, after),
  ];
}

function renamedProject(before: ComposeProject, after: ComposeProject): readonly Finding[] {
  if (before.name === after.name) return [];
  const message = `the project \`${before.name}\` becomes \`${after.name}\`: its containers are removed, and others are made under the new name`;
  const remedy = 'nothing, if the pause is fine; else keep `name` of the stack in environment.yml';
  return [found('compose/project-renamed', after, ['name'], message, remedy)];
}
