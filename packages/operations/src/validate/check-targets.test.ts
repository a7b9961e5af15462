import { expect, test } from 'vitest';
import { EMPTY_VIEW } from '../../../core/src/testing/deployment.ts';
import { environment } from '../../../core/src/testing/desired-state.ts';
import { RecordingReporter } from '../../../core/src/testing/recording-reporter.ts';
import { checkTargets } from './check-targets.ts';

const request = {
  environment: environment(),
  view: EMPTY_VIEW,
  stacks: [],
  reporter: new RecordingReporter(),
  signal: AbortSignal.abort(new Error('it was cancelled')),
  actor: 'test',
  keys: [],
  knownHosts: '',
  knownHostsSource: '',
};

test('a check that can not be made says so, and throws nothing', async () => {
  const { plan, findings } = await checkTargets(request);
  expect(plan.outcome).toBe('unknown');
  expect(findings.map(({ rule, file }) => [rule, file])).toEqual([
    ['host/unreadable', 'environments/production/environment.yml'],
  ]);
});

test('a repository that can not be read is no reason to throw either, and is told', async () => {
  const view = { ...EMPTY_VIEW, read: () => Promise.reject(new Error('the disk is gone')) };
  const { plan, findings } = await checkTargets({ ...request, view });
  expect(plan.outcome).toBe('unknown');
  expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
    ['host/unreadable', expect.stringContaining('the disk is gone')],
  ]);
});

test('what is secret is shown in no finding', async () => {
  const reporter = new RecordingReporter();
  reporter.mask(['docker.example.com']);
  const { findings } = await checkTargets({ ...request, reporter });
  expect(JSON.stringify(findings)).not.toContain('docker.example.com');
});
