import { existsSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bootId, SHELLS, TrialHost, uptimeSeconds } from '../testing/trial-host.ts';
import { eventsOf, journalOf, lay, stateOf, step } from '../testing/trial-transaction.ts';

const PAGE = 4096;

/** An own disk of 256 KiB that is full but for the reserve, and whose journal ends shortly before a block does. */
function fillUp(host: TrialHost): void {
  lay(host, { apply: step('one', 'false'), revert: step('back', 'true') });
  host.write('reserve', '\0'.repeat(16 * PAGE));
  const line = (length: number) => `${JSON.stringify({ step: 'x'.repeat(length - 12) })}\n`;
  host.write('journal.ndjson', line(PAGE - 200));
}

describe.each(SHELLS)('on a full disk, with %s,', (shell) => {
  it('a transaction gives up the reserve, journals its way back and ends in the old state', async ({ skip }) => {
    await using host = new TrialHost(shell);
    if (!host.mountSmallDisk(256)) skip('this user may not mount a disk');
    fillUp(host);
    const { code } = await host.sh(`cat /dev/zero >"$1/ballast"`, [host.env]);
    expect(code).not.toBe(0);
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted one');
    expect(existsSync(host.path('reserve'))).toBe(false);
    expect(host.read('current')).toBe('1-aaaaaaa\n');
    expect(
      journalOf(host)
        .slice(1)
        .map(({ phase, step, event }) => `${phase} ${step} ${event}`),
    ).toEqual([
      'apply one begin',
      'apply one end',
      'revert because-one begin',
      'revert back begin',
      'revert back end',
      'revert verify end',
    ]);
  });

  it('a keeper gives up the reserve, so that what is unfinished can be recovered', async ({ skip }) => {
    await using host = new TrialHost(shell);
    if (!host.mountSmallDisk(256)) skip('this user may not mount a disk');
    fillUp(host);
    host.write('lease/2', `automatic\n${bootId()}\n${uptimeSeconds() - 31}\n{}\n`);
    await host.sh(`cat /dev/zero >"$1/ballast"`, [host.env]);
    expect((await host.run('keeper', [host.env, 'automatic'], '{}\ntry\nbeat\n')).stdout).toBe('held 3\nok\n');
    expect(existsSync(host.path('reserve'))).toBe(false);
  });

  it('a keeper that cannot even use the reserve says that it cannot write, and claims nothing', async ({ skip }) => {
    await using host = new TrialHost(shell);
    if (!host.mountSmallDisk(256)) skip('this user may not mount a disk');
    host.write('lease/.keep', '');
    await host.sh(`cat /dev/zero >"$1/ballast"`, [host.env]);
    const { code, stdout } = await host.run('keeper', [host.env, 'automatic'], '{}\ntry\n');
    expect({ code, stdout }).toEqual({ code: 3, stdout: 'unwritable\n' });
    expect(existsSync(host.path('lease/1'))).toBe(false);
  });
});

describe.each(SHELLS)('a journal that takes no line, with %s,', (shell) => {
  it('stops the apply before its first step, and never the way back', async () => {
    await using host = new TrialHost(shell);
    lay(host, {
      apply: step('one', `echo >${host.path('applied')}`),
      revert: step('back', `echo >${host.path('back')}`),
    });
    host.write('reserve', 'room');
    mkdirSync(host.path('journal.ndjson'));
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted one');
    expect([existsSync(host.path('applied')), existsSync(host.path('back'))]).toEqual([false, true]);
    expect(existsSync(host.path('reserve'))).toBe(false);
  });
});

describe.each(SHELLS)('a torn last line, with %s,', (shell) => {
  it('of the journal is cut off before the next one is written', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'false') });
    host.write('journal.ndjson', '{"phase":"a","step":"b","event":"end","code":0}\n{"at":"2026-01-');
    await host.supervise(2).ended;
    expect(eventsOf(host).slice(0, 2)).toEqual(['a b end 0', 'apply one begin 0']);
  });

  it('of the aliases is cut off before the next one is written', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    host.write('releases/1-aaaaaaa/aliases.ndjson', '{"commit":"a"}\n{"comm');
    await host.run('alias', [host.env, '1-aaaaaaa', '{"commit":"b"}']);
    expect(host.read('releases/1-aaaaaaa/aliases.ndjson')).toBe('{"commit":"a"}\n{"commit":"b"}\n');
  });
});
