export { type DeployReport, type DeployRequest, deployEnvironment } from './deploy-environment.ts';
export * from './init/index.ts';
export { type OpenedEnvironment, openEnvironment } from './open-environment.ts';
export type { Credentials } from './open-session.ts';
export { readStatus, type StatusReport } from './read-status.ts';
