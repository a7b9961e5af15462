export { callingDocker } from './docker-command.ts';
export { EnvironmentFolder } from './environment-folder.ts';
export { acquireLease, unwritable } from './lease.ts';
export { splitParts } from './parts.ts';
export { PROGRAMS } from './programs.generated.ts';
export { prune } from './prune.ts';
export * from './ssh/index.ts';
export { stoppedBy, TO_THE_END } from './stopped-by.ts';
export { type BeginFiles, entry } from './transaction-files.ts';
