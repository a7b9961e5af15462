import type { Change } from '../model.ts';
import type { EnvironmentPlan, PlanReport } from '../report/plan-report.ts';
import { change, plan } from './changes.ts';

/** Changes as they come, one of each kind. */
export const SAID = {
  created: change({ name: 'cache', action: 'create', cause: 'new service', origin: 'change', imageAfter: 'redis:7' }),
  image: change({
    cause: 'changed: image nginx:1.27 → nginx:1.28',
    origin: 'change',
    risk: 'interrupts',
    fields: [{ field: 'image', before: 'nginx:1.27', after: 'nginx:1.28' }],
    imageBefore: 'nginx:1.27',
    imageAfter: 'nginx:1.28',
    digestBefore: `sha256:${'a'.repeat(64)}`,
    digestAfter: `sha256:${'b'.repeat(64)}`,
  }),
  variable: change({
    name: 'api',
    cause: 'changed: environment.DB_HOST, environment.DB_PASSWORD, content of stacks/shop/api.toml',
    origin: 'change',
    risk: 'interrupts',
    fields: [
      { field: 'environment.DB_HOST' },
      { field: 'environment.DB_PASSWORD' },
      { field: 'files.stacks/shop/api.toml' },
    ],
    imageBefore: 'example/api:1',
    imageAfter: 'example/api:1',
  }),
  drift: change({ name: 'worker', action: 'restart', cause: 'its container is exited', origin: 'drift' }),
  stray: change({
    name: 'debug',
    action: 'delete',
    cause: 'started by hand: the Compose file does not name it',
    origin: 'drift',
    risk: 'interrupts',
  }),
  both: change({
    name: 'db',
    cause: 'changed: image postgres:15 → postgres:16',
    origin: 'both',
    drift: 'its container is gone',
    risk: 'interrupts',
    fields: [{ field: 'image', before: 'postgres:15', after: 'postgres:16' }],
    imageBefore: 'postgres:15',
    imageAfter: 'postgres:16',
    warnings: ['postgres 15 → 16: it does not start on the data of the older version; dump and restore it'],
  }),
  blocked: change({
    kind: 'volume',
    name: 'shop_data',
    cause: 'its driver or its options changed',
    origin: 'change',
    risk: 'blocked',
    remedy: 'undo that part of the change, or give the volume another `name`',
  }),
  network: change({ kind: 'network', name: 'shop_back', action: 'create', cause: 'new network', origin: 'change' }),
  changedNetwork: change({
    kind: 'network',
    name: 'shop_front',
    cause: 'its configuration changed',
    origin: 'change',
    risk: 'interrupts',
    fields: [{ field: 'internal' }],
    warnings: ['services on it are stopped for a moment: api, web'],
  }),
  kept: change({ kind: 'volume', name: 'shop_old', action: 'none', cause: 'kept: volumes are never deleted' }),
  same: change({ name: 'mail', action: 'none', cause: 'as recorded' }),
} as const satisfies Readonly<Record<string, Change>>;

/** `production` with these changes. */
export function environmentOf(changes: readonly Change[], said: Partial<EnvironmentPlan> = {}): EnvironmentPlan {
  const isBlocked = changes.some(({ risk }) => risk === 'blocked');
  return {
    environment: 'production',
    outcome: isBlocked ? 'refused' : 'planned',
    host: 'docker.example.com',
    plan: plan({ changes, hash: 'feedbeef'.repeat(4) }),
    ...said,
  };
}

export function planReport(environments: readonly EnvironmentPlan[], said: Partial<PlanReport> = {}): PlanReport {
  return { environments, commit: 'abcdef0'.repeat(5), findings: { errors: 0, warnings: 0 }, ...said };
}
