import { GitopsError } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { EnvironmentFolder } from './environment-folder.ts';
import type { Connection } from './ssh/index.ts';
import { SHELLS, TrialHost } from './testing/trial-host.ts';

/** The host's programs without SSH in between: what is under test is what they print and how that is read. */
function folderOf(host: TrialHost): EnvironmentFolder {
  const stateDir = host.path('..', '..');
  const connection: Connection = {
    label: 'trial host',
    async run({ script, args, stdin }) {
      const { code, stdout, stderr } = await host.sh(script, args, String(stdin ?? ''));
      return { code: code ?? 255, stdout: Buffer.from(stdout), stderr };
    },
    open: () => Promise.reject(new Error('nothing here is talked with')),
    close: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return new EnvironmentFolder(connection, stateDir, 'lab', 'production');
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
});
