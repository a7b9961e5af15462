import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { startSshd } from './testing/local-sshd.ts';
import { errorOf, isRunning, script, talkative } from './testing/trial-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'busybox-as-sh-'));
symlinkSync('/bin/busybox', join(folder, 'sh'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('the login shell', () => {
  it.each([
    ['is noisy', 'echo "Welcome to $USER"; echo noise >&2; exec sh -c "$SSH_ORIGINAL_COMMAND"'],
    ['is dash', 'exec dash -c "$SSH_ORIGINAL_COMMAND"'],
    ['is busybox sh', 'exec busybox sh -c "$SSH_ORIGINAL_COMMAND"'],
    ['is a parent that stays, so that the script leads no group by itself', 'sh -c "$SSH_ORIGINAL_COMMAND"; exit $?'],
    ['finds busybox as sh', `PATH=${folder}:$PATH; sh -c "$SSH_ORIGINAL_COMMAND"; exit $?`],
  ])('may be one that %s', async (_, forced) => {
    await using host = await startSshd({ config: [`ForceCommand ${forced}`] });
    await using link = await connect(host.options());
    const result = await link.run(script('cat; echo err >&2; exit 9', { stdin: 'in' }));
    expect(result).toEqual({ code: 9, stdout: Buffer.from('in'), stderr: 'err\n' });
    const { script: endless, said } = talkative('sleep 600 & echo $!; wait', { timeoutMs: 1_000 });
    expect((await errorOf(link.run(endless))).seen).toContain('its processes on the host were ended');
    expect(isRunning(await said)).toBe(false);
  });

  it('that does not run commands is quoted in the error', async () => {
    await using host = await startSshd({ config: ['ForceCommand echo This account is not available; exit 1'] });
    await using link = await connect(host.options());
    const error = await errorOf(link.run(script('true')));
    expect(error.code).toBe('ssh-not-started');
    expect(error.seen).toBe('its shell left with 1; its last words: This account is not available');
  });
});
