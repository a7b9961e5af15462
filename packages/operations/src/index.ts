export { cancelSignal } from './cancel-signal.ts';
export { CLOCK } from './clock.ts';
export { type DeployReport, type DeployRequest, deployEnvironment } from './deploy-environment.ts';
export { environmentsIn } from './environments-in.ts';
export { type ClearHoldsRequest, clearHolds, type Holds, readHolds } from './hold-environment.ts';
export * from './init/index.ts';
export {
  type Locked,
  type LockRequest,
  lockEnvironment,
  readLocks,
  type Unlocked,
  type UnlockRequest,
  unlockEnvironment,
} from './lock-environment.ts';
export { type OpenedEnvironment, openEnvironment } from './open-environment.ts';
export type { Credentials } from './open-session.ts';
export { type AuditReport, type AuditRequest, readAudit } from './read-audit.ts';
export { readStatus, type StatusReport } from './read-status.ts';
export { isVerified, type RecoverRequest, type Recovery, recoverEnvironment } from './recover-environment.ts';
export type { EnvironmentRequest, OnTarget } from './use-environment.ts';
export * from './validate/index.ts';
