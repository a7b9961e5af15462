import { text } from 'node:stream/consumers';
import { type Candidate, GitopsError, NotBegunError } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { release } from '../../core/src/testing/desired-state.ts';
import { EnvironmentFolder } from './environment-folder.ts';
import type { Connection } from './ssh/index.ts';
import { bootId, SHELLS, TrialHost } from './testing/trial-host.ts';

/** The host's programs without SSH in between: what is under test is what they print and how that is read. */
function folderOf(host: TrialHost): EnvironmentFolder {
  const stateDir = host.path('..', '..');
  const connection: Connection = {
    label: 'trial host',
    async run({ script, args, stdin = '' }) {
      const input = typeof stdin === 'string' || Buffer.isBuffer(stdin) ? String(stdin) : await text(stdin);
      const { code, stdout, stderr } = await host.sh(script, args, input);
      return { code: code ?? 255, stdout: Buffer.from(stdout), stderr };
    },
    open: () => Promise.reject(new Error('nothing here is talked with')),
    close: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return new EnvironmentFolder(connection, stateDir, 'lab', 'production');
}

const CANDIDATE: Candidate = {
  release: '1-aaaaaaa',
  transaction: {
    stacks: ['lab'],
    apply: [],
    revert: [],
    unwedge: [],
    expectAfterRevert: [],
    toleratedAfterRevert: [],
    overlays: {},
  },
  confirmTimeoutSeconds: 60,
  isNew: true,
  facts: '{}',
  seenThrough: { release: release({}), plan: { changes: [], hash: '', warnings: [] }, sick: [], restarts: {} },
};

function holdLease(host: TrialHost): void {
  host.write('lease/2', `human\n${bootId()}\n999999999\n{}\n`);
}

/** What is told where a release cannot be laid down under lease 2. */
async function notBegunOn(host: TrialHost): Promise<unknown> {
  const files = { release: [], sources: [], tags: [], hmacKey: 'key' };
  return folderOf(host)
    .begin(2, host.path('staging'), CANDIDATE, files)
    .catch((error: unknown) => error);
}

describe.each(SHELLS)("the environment's folder on a host with %s", (shell) => {
  it('names the manifest that is torn', async () => {
    await using host = new TrialHost(shell);
    host.write('releases/12-abcdef0/manifest.json', '{"name":"12-abcdef0","numb');
    const error: unknown = await folderOf(host)
      .history()
      .catch((each: unknown) => each);
    expect(error).toBeInstanceOf(GitopsError);
    expect(error).toMatchObject({ attempted: expect.stringContaining('releases/12-abcdef0/manifest.json') });
  });

  it('tells how transactions ended, in the order of their fences', async () => {
    await using host = new TrialHost(shell);
    host.write('transactions/10/status', 'confirmed 1 2 boot 3 \n');
    host.write('transactions/9/status', 'reverted 1 2 boot 3 up\n');
    host.write('transactions/11/settings', '');
    expect((await folderOf(host).history()).transactions).toEqual([
      { id: 9, state: 'reverted', detail: 'up' },
      { id: 10, state: 'confirmed', detail: '' },
    ]);
  });

  it('says so when there is nothing to recover', async () => {
    await using host = new TrialHost(shell);
    const keeper = host.talk('keeper', [host.env, 'human']);
    keeper.say('{}');
    keeper.say('try');
    expect(await keeper.next()).toBe('held 1');
    await expect(folderOf(host).recover(1)).rejects.toThrow('no transaction was ever begun');
    await expect(folderOf(host).recover(2)).rejects.toThrow('the lease was lost to another run');
    keeper.hangUp();
    await keeper.ended;
  });

  it('says what the host said of a release that cannot be laid down', async () => {
    await using host = new TrialHost(shell);
    holdLease(host);
    host.write('releases', 'a file in the place of the folder');
    const error = await notBegunOn(host);
    expect(error).toBeInstanceOf(NotBegunError);
    expect(error).toMatchObject({
      seen: expect.stringMatching(/^the files could not be written: mkdir: .*File exists$/),
      remedy: 'nothing that runs on this host was changed; mend there what the host says, and run again',
    });
  });

  it('asks to look at the disk where it is full', async ({ skip }) => {
    await using host = new TrialHost(shell);
    if (!host.mountSmallDisk(256)) skip('this user may not mount a disk');
    holdLease(host);
    expect(await notBegunOn(host)).toMatchObject({
      seen: expect.stringMatching(/^the files could not be written: .*(No space left on device|I\/O error)$/),
      remedy:
        'nothing that runs on this host was changed; look at the disk and its free space (`df -h`, `df -i`), and run again',
    });
  });

  it('speaks of no free space where another run has the lease', async () => {
    await using host = new TrialHost(shell);
    expect(await notBegunOn(host)).toMatchObject({
      seen: 'the lease was lost to another run',
      remedy: 'nothing that runs on this host was changed; wait for the end of the other run, and run again',
    });
  });
});
