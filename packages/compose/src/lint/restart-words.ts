import { suggestion } from '@gitops/core';
import type { ServiceModel } from '../check/index.ts';
import type { ValueFault } from './value-fault.ts';

/** Docker's words. */
const POLICIES: readonly string[] = ['no', 'always', 'unless-stopped', 'on-failure'];
/** Words of Swarm, which Compose makes Docker's of. */
const SWARM: readonly string[] = ['any', 'none'];

/** What Docker refuses of how a container is started again. Where `deploy` says it, `restart` counts for nothing. */
export function restartFaults({ restart, deploy }: ServiceModel): readonly ValueFault[] {
  const policy = deploy?.restart_policy;
  if (!policy) return restart ? restartFault(restart) : [];
  const { condition, max_attempts: attempts } = policy;
  if (typeof condition !== 'string') return [];
  const path = ['deploy', 'restart_policy', 'condition'];
  const unknown = unknownPolicy(path, condition, condition);
  if (unknown.length > 0 || typeof attempts !== 'number') return unknown;
  return badAttempts(['deploy', 'restart_policy', 'max_attempts'], condition, attempts, condition);
}

function restartFault(restart: string): readonly ValueFault[] {
  const [policy = '', attempts = ''] = restart.split(':');
  // What is no number counts as none for Compose.
  const count = /^[-+]?\d+$/.test(attempts) ? Number(attempts) : 0;
  const unknown = unknownPolicy(['restart'], policy, restart);
  return unknown.length > 0 ? unknown : badAttempts(['restart'], policy, count, restart);
}

function unknownPolicy(path: ValueFault['path'], policy: string, value: string): readonly ValueFault[] {
  if (policy === '' || [...POLICIES, ...SWARM].includes(policy)) return [];
  const fault = `Docker refuses the restart policy \`${policy}\`, which it does not know`;
  return [{ path, value, fault, remedy: suggestion(policy, POLICIES) }];
}

function badAttempts(path: ValueFault['path'], policy: string, count: number, value: string): readonly ValueFault[] {
  if (policy === '' || count === 0 || (count > 0 && policy === 'on-failure')) return [];
  const fault = `Docker refuses ${count} attempts for the restart policy \`${policy}\``;
  const remedy = 'leave the number out, or write `on-failure` with a number above 0';
  return [{ path, value, fault, remedy }];
}
