export { type DeployReport, type DeployRequest, deployEnvironment } from './deploy-environment.ts';
export { type OpenedEnvironment, openEnvironment } from './open-environment.ts';
export { type Credentials, readStatus, type StatusReport } from './read-status.ts';
