import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { GitopsError, NotBegunError, RefusedError } from './errors.ts';
import type { Outcome, VerdictName } from './model.ts';
import { DeployResultFile, deployResultFile } from './report/result-file.ts';
import { deploySummary } from './report/summary.ts';
import type { DeployInput } from './run.ts';
import { change } from './testing/changes.ts';
import { deployment, FIRST, firstDeployment, nothingToDo, SICK, upgrade, WRONG_IMAGE } from './testing/deployment.ts';
import { release, service } from './testing/desired-state.ts';
import { container, live, liveOf } from './testing/live-state.ts';
import { memoryProvider } from './testing/memory-provider.ts';
import type { Call, HostStory } from './testing/memory-session.ts';

const lost = new GitopsError('ssh-lost', { attempted: 'talk to the host', seen: 'it is gone', remedy: 'run again' });
const blocked = change({ kind: 'volume', name: 'shop_data', risk: 'blocked', cause: 'its driver changed' });
const foreign = liveOf(FIRST, { containers: [container(service(), { owner: { name: 'other', environment: 'x' } })] });
const held = new RefusedError('lease', { attempted: 'take the lease', seen: 'anna holds it', remedy: 'ask her' });

type Case = [
  what: string,
  outcome: Outcome,
  verdict: VerdictName | undefined,
  current: string,
  story: HostStory,
  said?: Partial<DeployInput>,
];

const PREVIOUS = '1-aaaaaaa';
const NEW = '2-bbbbbbb';

/** Ends after the host was asked to change something. */
const CHANGED: readonly Case[] = [
  ['a good commit', 'deployed', 'healthy', NEW, upgrade()],
  ['a first deployment', 'deployed', 'healthy', '1-bbbbbbb', firstDeployment()],
  ['a heal of what was changed by hand', 'deployed', 'healthy', PREVIOUS, nothingToDo({ before: live() })],
  ['an unhealthy service', 'rolled-back', 'unhealthy', PREVIOUS, upgrade({ after: SICK })],
  ['a wrong image', 'rolled-back', 'unhealthy', PREVIOUS, upgrade({ after: WRONG_IMAGE })],
  ['an unhealthy first deployment', 'rolled-back', 'unhealthy', '', firstDeployment({ after: SICK })],
  ['a step that failed', 'rolled-back', undefined, PREVIOUS, upgrade({ applied: 'reverted' })],
  ['a step and a revert that failed', 'rollback-failed', undefined, PREVIOUS, upgrade({ applied: 'revert-failed' })],
  [
    'a revert that failed',
    'rollback-failed',
    'unhealthy',
    PREVIOUS,
    upgrade({ after: SICK, reverted: 'revert-failed' }),
  ],
  ['a freeze that was asked for', 'frozen', 'unhealthy', PREVIOUS, upgrade({ after: SICK }), { onFailure: 'freeze' }],
  ['a revert that does not end', 'unknown', 'unhealthy', PREVIOUS, upgrade({ after: SICK, reverted: 'reverting' })],
  ['a host that can not be followed', 'unknown', undefined, PREVIOUS, upgrade({ fails: { follow: lost } })],
  ['a host that can not be told to confirm', 'unknown', 'healthy', PREVIOUS, upgrade({ fails: { confirm: lost } })],
  ['a host that is lost while it settles', 'unknown', 'healthy', PREVIOUS, upgrade({ fails: { settle: lost } })],
  ['a host that is lost altogether', 'unknown', undefined, PREVIOUS, upgrade({ fails: { follow: lost, order: lost } })],
  ['a transaction that may have begun', 'unknown', undefined, PREVIOUS, upgrade({ fails: { begin: lost } })],
  ['a lease that can not be given back', 'deployed', 'healthy', NEW, upgrade({ fails: { release: lost } })],
  [
    'logs that can not be read',
    'rolled-back',
    'unhealthy',
    PREVIOUS,
    upgrade({ after: SICK, fails: { explain: lost } }),
  ],
];

const notBegun = new NotBegunError({ attempted: 'begin', seen: 'the disk is full', remedy: 'make room' });
const human = { holder: 'anna', reason: 'backup', since: '', commit: '', fence: 6, purpose: 'human' } as const;
const newer = release({ name: '2-ccccccc', number: 2, commit: 'c'.repeat(40), ancestors: ['b'.repeat(40)] });

/** Ends before the first change. */
const UNCHANGED: readonly Case[] = [
  ['nothing to do', 'unchanged', 'healthy', PREVIOUS, nothingToDo()],
  ['a plan', 'planned', undefined, PREVIOUS, upgrade(), { mode: 'plan' }],
  ['a plan of nothing', 'planned', 'healthy', PREVIOUS, nothingToDo(), { mode: 'plan' }],
  [
    'a newer commit that came first',
    'superseded',
    undefined,
    '2-ccccccc',
    upgrade({ recorded: { lease: human }, meanwhile: { release: newer, highestFence: 7 } }),
  ],
  ['a lease that another run holds', 'refused', undefined, PREVIOUS, upgrade({ fails: { claim: held } })],
  ['a plan that is not the reviewed one', 'refused', undefined, PREVIOUS, upgrade(), { planHash: 'feedbeef' }],
  ['a change that loses data', 'refused', undefined, PREVIOUS, upgrade(), { provider: memoryProvider({}, [blocked]) }],
  ['a project that is not ours', 'refused', undefined, '', firstDeployment({ before: foreign })],
  [
    'a plan of a project that is not ours',
    'refused',
    undefined,
    '',
    firstDeployment({ before: foreign }),
    { mode: 'plan' },
  ],
  ...(['recall', 'observe', 'prepare', 'pin'] satisfies Call[]).map(
    (call): Case => [
      `a host that is lost at "${call}"`,
      'failed-before-change',
      undefined,
      call === 'recall' || call === 'observe' ? '' : PREVIOUS,
      upgrade({ fails: { [call]: lost } }),
    ],
  ),
  [
    'a transaction that did not begin',
    'failed-before-change',
    undefined,
    PREVIOUS,
    upgrade({ fails: { begin: notBegun } }),
  ],
  [
    'files with errors',
    'failed-before-change',
    undefined,
    '',
    upgrade(),
    {
      provider: {
        ...memoryProvider(),
        load: async () => ({
          secrets: [],
          findings: [{ rule: 'x', severity: 'error', file: 'compose.yaml', message: 'bad', remedy: 'mend' }],
        }),
      },
    },
  ],
  ['no connection', 'failed-before-change', undefined, '', upgrade(), { connect: () => Promise.reject(lost) }],
  [
    'a run that is cancelled early',
    'failed-before-change',
    undefined,
    PREVIOUS,
    upgrade({ fails: { claim: 'aborted' } }),
  ],
];

describe.each([...CHANGED, ...UNCHANGED])('%s', (_, outcome, verdict, current, story, said) => {
  it(`ends ${outcome}, with the release that is current then`, async () => {
    const { result } = await deployment(story, said);
    expect({ ...result, verdict: result.verdict?.verdict }).toMatchObject({ outcome, verdict, release: current });
  });

  it('gives the lease back and closes the connection, whatever happened', async () => {
    const { session } = await deployment(story, said);
    const claimed = session.calls.includes('claim') && story.fails?.claim === undefined;
    expect(session.calls.filter((call) => call === 'release')).toHaveLength(claimed ? 1 : 0);
    expect(session.calls.at(-1) ?? 'dispose').toBe('dispose');
  });

  it('has a result file and a summary', async () => {
    const { result, timings } = await deployment(story, said);
    const scope = { environment: 'production', commit: 'b'.repeat(40) };
    const file = JSON.stringify(deployResultFile(scope, result, timings));
    expect(v.parse(DeployResultFile, JSON.parse(file))).toMatchObject({ outcome, release: current });
    expect(deploySummary({ ...scope, host: 'docker.example.com', result, timings })).toMatch(/^## /);
  });
});

describe.each(UNCHANGED)('%s', (_, __, ___, ____, story, said) => {
  it('begins no transaction', async () => {
    const { session } = await deployment(story, said);
    expect(session.begun).toBeUndefined();
    expect(session.orders).toEqual([]);
  });
});
