export { lintChange } from './lint-change.ts';
export { lintStack } from './lint-stack.ts';
export { lintTogether } from './lint-together.ts';
export type { LintedStack, StackOfEnvironment } from './linted-stack.ts';
export { COMPOSE_LINT_RULES } from './rules.ts';
