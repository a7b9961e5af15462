export { type DeployReport, type DeployRequest, deployEnvironment } from './deploy-environment.ts';
export * from './init/index.ts';
export { type OpenedEnvironment, openEnvironment } from './open-environment.ts';
export type { Credentials } from './open-session.ts';
export { type AuditReport, type AuditRequest, readAudit } from './read-audit.ts';
export { readStatus, type StatusReport } from './read-status.ts';
