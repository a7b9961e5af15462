export { type DeclaredStack, type LoadedStack, loadStack, type PositionOf } from './load-stack.ts';
