import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { anonymousVolumeFindings } from './anonymous-volumes.ts';
import { containerNameFindings } from './container-names.ts';
import { databasePortFindings } from './database-ports.ts';
import { healthCheckFindings } from './health-checks.ts';
import { imageFindings } from './images.ts';
import type { LintedStack } from './linted-stack.ts';
import { mountFindings } from './mounts.ts';
import { portFindings } from './port-collisions.ts';
import { privilegeFindings } from './privileges.ts';
import { refusedValueFindings } from './refused-values.ts';
import { restartFindings } from './restart-policies.ts';
import { runnerFindings } from './runners.ts';
import { unusedFindings } from './unused.ts';
import { extensionFindings } from './x-gitops.ts';

type ProjectRule = (project: ComposeProject) => readonly Finding[];

const PROJECT_RULES: readonly ProjectRule[] = [
  imageFindings,
  healthCheckFindings,
  restartFindings,
  privilegeFindings,
  databasePortFindings,
  anonymousVolumeFindings,
  runnerFindings,
  refusedValueFindings,
  extensionFindings,
  unusedFindings,
];

/** Findings about one stack by itself. Pure. */
export function lintStack(stack: LintedStack): readonly Finding[] {
  const { project, target } = stack;
  return [
    ...PROJECT_RULES.flatMap((rule) => rule(project)),
    ...mountFindings(project, target),
    ...portFindings(stack),
    // The only strategy so far.
    ...containerNameFindings(project, 'recreate'),
  ];
}
