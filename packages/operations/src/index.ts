export { deployEnvironment, type DeployReport, type DeployRequest } from './deploy-environment.ts';
export { type OpenedEnvironment, openEnvironment } from './open-environment.ts';
export { type Credentials, readStatus, type StatusReport } from './read-status.ts';
