export * from './adopt/index.ts';
export { bindToContent } from './bind.ts';
export { compile } from './compile.ts';
export { diff } from './diff.ts';
export { composeProvider } from './provider.ts';
export { ComposeSession } from './session.ts';
