export * from './adopt/index.ts';
export { bindToContent } from './bind.ts';
export { type CheckedHost, checkHost, type HostCheck, type HostPlace } from './check-host.ts';
export { compile } from './compile.ts';
export { diff } from './diff.ts';
export { type ProjectPart, type ProjectSurvey, pickComposeFiles, surveyProject } from './load/index.ts';
export { composeProvider } from './provider.ts';
export { ComposeSession } from './session.ts';
