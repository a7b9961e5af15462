import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { checkChain } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { PROGRAMS } from '../programs.generated.ts';
import { bootId, SHELLS, TrialHost, uptimeSeconds } from '../testing/trial-host.ts';
import { lay, reach, stateOf, step } from '../testing/trial-transaction.ts';

const HOLDER = { holder: 'ada, "run" 1', reason: 'deploy', commit: 'abc' };

/** What is recorded, without its links and times. Throws when the chain is broken. */
function recordsOf(host: TrialHost): readonly Record<string, unknown>[] {
  const trail = host.read('audit.ndjson');
  const { fault, records } = checkChain(Buffer.from(trail));
  if (fault) throw new Error(`line ${fault.line} ${fault.kind}: ${fault.seen}\n${trail}`);
  const lines = trail.split('\n').slice(0, records);
  return lines.map((line) => {
    const { n: _n, prev: _prev, at, ...facts } = JSON.parse(line);
    expect(at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    return facts;
  });
}

/** Takes the lease and gives it back. */
function claim(host: TrialHost) {
  return host.run('keeper', [host.env, 'automatic'], `${JSON.stringify(HOLDER)}\ntry\n`);
}

function headOf(host: TrialHost): string {
  return checkChain(Buffer.from(host.read('audit.ndjson'))).head;
}

describe.each(SHELLS)('the audit trail of a host with %s', (shell) => {
  it('says who took the lease, and that it was given back, in a file that nobody else can read', async () => {
    await using host = new TrialHost(shell);
    await claim(host);
    expect(recordsOf(host)).toEqual([
      { kind: 'lease', event: 'taken', fence: 1, purpose: 'automatic', by: HOLDER },
      { kind: 'lease', event: 'released', fence: 1 },
    ]);
    expect(statSync(host.path('audit.ndjson')).mode & 0o777).toBe(0o600);
  });

  it('tells a lease that was taken over after its expiry from one that was free', async () => {
    await using host = new TrialHost(shell);
    host.write('lease/4', `automatic\n${bootId()}\n${uptimeSeconds() - 31}\n{}\n`);
    await claim(host);
    await claim(host);
    expect(recordsOf(host).map(({ event, fence, from }) => [event, fence, from])).toEqual([
      ['taken-over', 5, 4],
      ['released', 5, undefined],
      ['taken', 6, undefined],
      ['released', 6, undefined],
    ]);
  });

  it('says of a transaction how it ended, why, on what verdict, and what is current then', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    const verdict = '{"verdict":"healthy","healthy":1,"evidence":[]}';
    const order = [host.env, '2', '2', 'confirm', '2-bbbbbbb', 'judged'];
    await host.run('order', order, `${verdict}\n{"name":"2-bbbbbbb"}\n`);
    await run.ended;
    expect(host.read('releases/2-bbbbbbb/manifest.json')).toBe('{"name":"2-bbbbbbb"}\n');
    expect(recordsOf(host)).toEqual([
      {
        kind: 'ended',
        transaction: 2,
        state: 'confirmed',
        why: 'ordered',
        release: '2-bbbbbbb',
        current: '2-bbbbbbb',
        verdict: 'healthy',
        healthy: 1,
        evidence: [],
      },
    ]);
    const { stdout } = await host.run('settle', [host.env, '2']);
    expect(stdout.split('\n')[1]).toBe(`audit ${headOf(host)}`);
  });

  it.each([
    ['a step failed', { apply: step('one', 'false') }, 'reverted', 'one'],
    ['nobody spoke any more', { confirmTimeoutSeconds: 0 }, 'reverted', 'runner-silent'],
    [
      'the way back failed',
      { apply: step('one', 'false'), revert: step('back', 'false') },
      'revert-failed',
      'one back',
    ],
  ])('says so of a host that went back alone since %s', async (_, scripts, state, why) => {
    await using host = new TrialHost(shell);
    lay(host, scripts);
    host.write('lease/2', `automatic\n${bootId()}\n${uptimeSeconds()}\n{}\n`);
    await host.supervise(2).ended;
    const ended = { kind: 'ended', transaction: 2, release: '2-bbbbbbb', current: '1-aaaaaaa' };
    expect(recordsOf(host)).toEqual([{ ...ended, state, why }]);
  });

  it('says of a frozen state that it was ordered, and of a recovery by whom it was done', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    await host.run('order', [host.env, '2', '2', 'freeze', '']);
    await run.ended;
    const { stdout } = await host.run('recover', [host.env, '2']);
    expect(stdout.split('\n')[1]).toBe(`audit ${headOf(host)}`);
    expect(recordsOf(host).map(({ kind, state, why, fence }) => [kind, state, why, fence])).toEqual([
      ['ended', 'frozen', 'ordered', undefined],
      ['ended', 'reverted', 'recovered', undefined],
      ['recovered', 'reverted', undefined, 2],
    ]);
    await host.run('recover', [host.env, '2']);
    expect(recordsOf(host)).toHaveLength(3);
  });

  it('says of a commit whose content is current who deployed it', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    await host.run('alias', [host.env, '1-aaaaaaa', '{"commit":"b"}', '{"commit":"b","by":"ada"}']);
    expect(recordsOf(host)).toEqual([{ kind: 'alias', release: '1-aaaaaaa', commit: 'b', by: 'ada' }]);
  });

  it('takes what the runner says of a transaction as it is', async () => {
    await using host = new TrialHost(shell);
    const by = 'a"b\\n$HOME `id` %s \u2028 ä';
    host.write('files/release/rendered.yml', '');
    host.write('files/transaction/begun', `${JSON.stringify({ by, changes: [{ cause: by }] })}\n`);
    for (const name of ['sources', 'tags', 'apply']) host.write(`files/transaction/${name}`, '');
    host.write('files/transaction/program', PROGRAMS.supervise);
    host.write('files/transaction/settings', 'projects=lab\nrelease=1-aaaaaaa\nconfirm_timeout=0\ncomplete=yes\n');
    for (const name of ['apply', 'revert', 'unwedge', 'expect'])
      host.write(`files/transaction/${name}`, 'complete=yes\n');
    host.write('files/hmac.key', 'key');
    host.write('files/end', '');
    host.write('lease/1', `automatic\n${bootId()}\n${uptimeSeconds()}\n{}\n`);
    host.write('staging', '');
    const pipe = `tar -C "$1/files" -cf - . | sh -c "$2" gitops "$1" 1 "$1/staging" 1-aaaaaaa`;
    const { code, stderr } = await host.sh(pipe, [host.env, PROGRAMS.begin]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await wentBack(host);
    expect(recordsOf(host)).toEqual([
      { kind: 'begun', transaction: 1, fence: 1, by, changes: [{ cause: by }] },
      { kind: 'ended', transaction: 1, state: 'reverted', why: 'runner-silent', release: '1-aaaaaaa', current: '' },
    ]);
  });

  it('loses nothing and stays whole when many write at once', async () => {
    await using host = new TrialHost(shell);
    host.write('current', '1-aaaaaaa\n');
    mkdirSync(host.path('releases/1-aaaaaaa'), { recursive: true });
    const racer = `racer=$3 round=0; while [ "$round" -lt 25 ]; do
      round=$((round + 1)); sh -c "$2" gitops "$1" 1-aaaaaaa '{}' "{\\"racer\\":$racer,\\"round\\":$round}" || exit 1
    done`;
    const racers = Array.from({ length: 8 }, (_, index) => host.sh(racer, [host.env, PATIENT_ALIAS, String(index)]));
    for (const { code, stderr } of await Promise.all(racers)) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = recordsOf(host).map(({ racer: who, round }) => `${who} ${round}`);
    expect(told).toHaveLength(200);
    for (let who = 0; who < 8; who += 1) {
      expect(told.filter((each) => each.startsWith(`${who} `))).toEqual(
        Array.from({ length: 25 }, (_, round) => `${who} ${round + 1}`),
      );
    }
    expect(host.read('journal.ndjson')).toBe('');
  });

  it.each(['{"n":2,"prev":"00', '\0\0\0\0', '{"n":2}'])('drops the torn last line %j, and says so', async (rest) => {
    await using host = new TrialHost(shell);
    await claim(host);
    const [first = ''] = host.read('audit.ndjson').split('\n');
    host.write('audit.ndjson', `${first}\n${rest}`);
    const { stdout } = await host.run('recall', [host.env]);
    expect(stdout).toContain(`\n@@audit\naudit ${createHash('sha256').update(first).digest('hex')}\n`);
    await claim(host);
    expect(recordsOf(host).slice(0, 3)).toEqual([
      { kind: 'lease', event: 'taken', fence: 1, purpose: 'automatic', by: HOLDER },
      { kind: 'torn', bytes: rest.length },
      { kind: 'lease', event: 'taken', fence: 2, purpose: 'automatic', by: HOLDER },
    ]);
  });

  it.each(['08', '0', '99999999999999999999', 'x'])(
    'goes on after a line with the number %s that somebody wrote',
    async (number) => {
      await using host = new TrialHost(shell);
      host.write('audit.ndjson', `{"n":${number},"prev":"x"}\n`);
      await claim(host);
      const lines = host.read('audit.ndjson').trim().split('\n');
      expect(lines.slice(1).map((line) => JSON.parse(line).n)).toEqual([2, 3]);
    },
  );

  it('makes nobody fail and is missed in the journal where it cannot be written', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'false') });
    mkdirSync(host.path('audit.ndjson'));
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted one');
    const last = JSON.parse(host.read('journal.ndjson').trim().split('\n').at(-1) ?? '');
    expect(last).toMatchObject({ transaction: 2, phase: 'audit', step: 'ended', event: 'lost' });
  });

  it('is waited for a few seconds only while somebody holds it, and is missed in the journal then', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'false') });
    const holder = host.sh(
      'exec 9>>"$1/audit.lock"; flock 9; : >"$1/locked"; until [ -e "$1/go" ]; do sleep 0.05; done',
      [host.env],
    );
    await expect.poll(() => existsSync(host.path('locked')), { timeout: 60_000 }).toBe(true);
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted one');
    expect(host.read('audit.ndjson')).toBe('');
    expect(host.read('journal.ndjson')).toContain('"phase":"audit","step":"ended","event":"lost","code":9}');
    host.write('go', '');
    await holder;
  });

  it('gets the reserve on a full disk', async ({ skip }) => {
    await using host = new TrialHost(shell);
    if (!host.mountSmallDisk(256)) skip('this user may not mount a disk');
    lay(host, { apply: step('one', 'false') });
    host.write('reserve', '\0'.repeat(16 * 4096));
    await claim(host);
    const before = recordsOf(host).length;
    expect((await host.sh('cat /dev/zero >"$1/ballast"', [host.env])).code).not.toBe(0);
    const facts = JSON.stringify({ commit: 'b'.repeat(5000) });
    await host.run('alias', [host.env, '1-aaaaaaa', '', facts]);
    await host.supervise(2).ended;
    expect(stateOf(host)).toBe('reverted one');
    expect(
      recordsOf(host)
        .slice(before)
        .map(({ kind }) => kind),
    ).toContain('ended');
    expect(readdirSync(host.env)).not.toContain('reserve');
  });

  it('is read as it is, or its newest lines; without one there is nothing to read', async () => {
    await using host = new TrialHost(shell);
    expect(await host.run('trail', [host.env])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect((await host.run('recall', [host.env])).stdout).toMatch(/@@audit\n$/);
    await claim(host);
    const trail = host.read('audit.ndjson');
    expect((await host.run('trail', [host.env])).stdout).toBe(trail);
    expect((await host.run('trail', [host.env, '1'])).stdout).toBe(`${trail.split('\n')[1]}\n`);
  });
});

/** On a slow machine with eight writers a turn may take longer than anybody should wait in earnest. */
const PATIENT_ALIAS = PROGRAMS.alias.replace('audit_patience=5', 'audit_patience=100');

/** Waits until transaction 1 went back. */
function wentBack(host: TrialHost): Promise<void> {
  return expect.poll(() => host.read('transactions/1/status'), { timeout: 60_000 }).toMatch(/^reverted /);
}
