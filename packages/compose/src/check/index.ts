export { type CheckedStack, type ComposeProject, checkStack } from './check-stack.ts';
export type * from './project-model.ts';
