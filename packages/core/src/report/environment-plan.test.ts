import { expect, it } from 'vitest';
import { deployFailed } from '../deploy-result.ts';
import { ConfigurationError, GitopsError, RefusedError } from '../errors.ts';
import { change, plan } from '../testing/changes.ts';
import { environmentPlan, planOutcomeOf } from './environment-plan.ts';

const facts = { attempted: 'plan', seen: 'seen', remedy: 'remedy' };
const where = { environment: 'production', host: 'docker.example.com' };
const planned = { outcome: 'planned', release: '', previousRelease: '', targets: [] } as const;

it.each([
  ['planned', { ...planned, plan: plan() }],
  ['unchanged', { ...planned, plan: plan({ changes: [change({ action: 'none' })] }) }],
  ['unchanged', { ...planned, outcome: 'unchanged' }],
  ['refused', deployFailed(new RefusedError('policy', facts))],
  ['failed', deployFailed(new GitopsError('host-conflict', facts))],
  ['invalid', deployFailed(new ConfigurationError([]))],
  ['invalid', deployFailed(new GitopsError('variable-unset', facts))],
  ['invalid', deployFailed(new GitopsError('sops-wrong-key', facts))],
  ['unknown', deployFailed(new GitopsError('ssh-connect', facts))],
  ['unknown', deployFailed(new GitopsError('cancelled', facts))],
  ['unknown', deployFailed(new Error('a fault of ours'))],
] as const)('a run is %s', (outcome, result) => {
  expect(environmentPlan({ ...where, result })).toMatchObject({ ...where, outcome });
});

it.each<[ReturnType<typeof planOutcomeOf>, readonly string[]]>([
  ['invalid', ['file-missing', 'file-name', 'final-refused', 'path-outside', 'path-unsupported', 'render']],
  ['invalid', ['source-missing', 'tar-path', 'variable-unset', 'sops-no-key', 'sops-damaged']],
  ['failed', ['compose-missing', 'compose-too-old', 'disk-full', 'host-conflict', 'image-missing']],
  ['failed', ['image-not-pulled', 'not-staged', 'state-unwritable']],
  ['unknown', ['ssh-lost', 'docker-down', 'record-unreadable', 'host-silent', 'lease-lost', 'constructor', 'internal']],
])('a plan is %s by the errors %s', (outcome, codes) => {
  const outcomes = codes.map((code) => [code, planOutcomeOf(new GitopsError(code, facts))]);
  expect(outcomes).toEqual(codes.map((code) => [code, outcome]));
});

it('a run brings its plan, its error and what the files tell', () => {
  const result = deployFailed(new RefusedError('policy', facts, { plan: plan() }));
  expect(environmentPlan({ ...where, result }, [])).toEqual({
    ...where,
    outcome: 'refused',
    plan: plan(),
    error: { code: 'policy', seen: 'seen', remedy: 'remedy' },
    againstBase: [],
  });
});
