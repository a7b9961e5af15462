import type { Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { COMPOSE_LINT_RULES, type LintRule } from './rules.ts';

/** A way into the model of a project. */
export type ModelPath = readonly (string | number)[];

/** A finding at the place where a value of the model was written, as grave as its rule says. */
export function found(
  rule: LintRule,
  project: ComposeProject,
  path: ModelPath,
  message: string,
  remedy: string,
): Finding {
  return { rule, severity: COMPOSE_LINT_RULES[rule].level, ...project.placeOf(path), message, remedy };
}
