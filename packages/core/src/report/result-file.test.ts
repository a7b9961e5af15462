import * as v from 'valibot';
import { expect, it } from 'vitest';
import type { DeployResult } from '../deploy-result.ts';
import { deployFailed } from '../deploy-result.ts';
import { RefusedError } from '../errors.ts';
import { PlanSchema } from '../plan-schema.ts';
import { change, plan } from '../testing/changes.ts';
import { HOSTILE_TEXTS } from '../testing/hostile-text.ts';
import { DeployResultFile, deployResultFile } from './result-file.ts';

const scope = { environment: 'production', commit: 'a'.repeat(40) };
const result: DeployResult = {
  outcome: 'deployed',
  release: '2-abcdef0',
  previousRelease: '1-aaaaaaa',
  targets: [
    {
      name: 'docker',
      host: 'docker.example.com',
      outcome: 'deployed',
      release: '2-abcdef0',
      previousRelease: '1-aaaaaaa',
      auditHead: 'ad'.repeat(32),
    },
  ],
};

it('the result file says everything a machine wants to know', () => {
  const file = deployResultFile(
    scope,
    {
      ...result,
      plan: plan({
        changes: [change({ imageAfter: 'nginx:1.28' }), change({ name: 'db', action: 'none' })],
        warnings: ['old'],
      }),
      verdict: { verdict: 'degraded', evidence: [{ subject: 'web', verdict: 'degraded', seen: 'slow', log: 'x' }] },
    },
    new Map([['connect', 12.6]]),
  );
  expect(file).toMatchObject({
    apiVersion: 'gitops/v1',
    kind: 'DeployResult',
    ...scope,
    ...result,
    verdict: 'degraded',
    changes: 1,
    planHash: '0'.repeat(32),
    plan: [{ name: 'web' }, { name: 'db' }],
    warnings: ['old'],
    timingsMs: { connect: 13 },
  });
});

it('a change is written with all that is known of it, as it may be read back from a host', () => {
  const whole = change({
    target: 'docker',
    origin: 'both',
    drift: 'its container is gone',
    remedy: 'undo it',
    warnings: ['its data moves'],
    imageBefore: 'web:1',
    imageAfter: 'web:2',
    digestBefore: 'sha256:a',
    digestAfter: 'sha256:b',
    isPulled: true,
    hostMounts: [{ source: '/mnt', target: '/media', readOnly: true, isNew: true }],
  });
  const file = deployResultFile(scope, { ...result, plan: plan({ changes: [whole] }) }, new Map());
  expect(file.plan).toEqual([whole]);
  expect(v.parse(PlanSchema, JSON.parse(JSON.stringify(plan({ changes: [whole] }))))).toEqual(
    plan({ changes: [whole] }),
  );
});

it('a result that ended early has every field too', () => {
  const error = new RefusedError('policy', { attempted: 'a', seen: 'b', remedy: 'c' });
  expect(deployResultFile(scope, deployFailed(error), new Map())).toEqual({
    apiVersion: 'gitops/v1',
    kind: 'DeployResult',
    ...scope,
    outcome: 'refused',
    verdict: 'unknown',
    release: '',
    previousRelease: '',
    targets: [],
    changes: 0,
    planHash: '',
    plan: [],
    evidence: [],
    warnings: [],
    timingsMs: {},
    error: { code: 'policy', attempted: 'a', seen: 'b', remedy: 'c' },
  });
});

it.each(HOSTILE_TEXTS)('the result file carries %j unchanged', (text) => {
  const error = new RefusedError('policy', { attempted: text, seen: text, remedy: text });
  const changes = [change({ name: text, cause: text, fields: [{ field: text, before: text, after: text }] })];
  const verdict = {
    verdict: 'unhealthy',
    evidence: [{ subject: text, verdict: 'unhealthy', seen: text, log: text }],
  } as const;
  const file = deployResultFile(
    scope,
    { ...result, error, verdict, plan: plan({ changes, warnings: [text] }) },
    new Map([[text, 1]]),
  );
  const read = v.parse(DeployResultFile, JSON.parse(JSON.stringify(file)));
  expect(read).toEqual(file);
  expect(read.error?.seen).toBe(text);
});
