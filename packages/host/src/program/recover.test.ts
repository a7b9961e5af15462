import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAtWork, SHELLS, TrialHost, until } from '../testing/trial-host.ts';
import { arrivalAt, eventsOf, gate, lay, reach, stateOf, step } from '../testing/trial-transaction.ts';

async function recover(host: TrialHost): Promise<string> {
  const { code, stdout } = await host.run('recover', [host.env, '2']);
  expect(code).toBe(0);
  const [id = '', word = '', , , , , ...detail] = (stdout.split('\n')[0] ?? '').trim().split(' ');
  return [id, word, ...detail].join(' ').trim();
}

/** The journal becomes a pipe that nobody reads: whoever writes the next line waits there. */
function blockJournal(host: TrialHost): () => void {
  if (host.read('journal.ndjson') !== '') renameSync(host.path('journal.ndjson'), host.path('journal.kept'));
  execFileSync('mkfifo', [host.path('journal.ndjson')]);
  return () => {
    rmSync(host.path('journal.ndjson'));
    host.write('journal.ndjson', host.read('journal.kept'));
  };
}

describe.each(SHELLS)('a supervisor that is killed on a host with %s', (shell) => {
  it('while it applies is followed by a recovery that ends its children and goes back', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', gate(host, 'never')), revert: step('back', 'true') });
    const run = host.supervise(2);
    const child = await arrivalAt(host, 'never');
    await run.kill();
    expect(isAtWork(child)).toBe(true);
    expect(await recover(host)).toBe('2 reverted recovered');
    expect(isAtWork(child)).toBe(false);
    expect(host.read('current')).toBe('1-aaaaaaa\n');
    expect(eventsOf(host)).toEqual([
      'apply one begin 0',
      'revert because-recovered begin 0',
      'revert back begin 0',
      'revert back end 0',
      'revert verify end 0',
    ]);
  });

  it('leaves nobody who goes on writing, whatever session and process group they are in', async () => {
    await using host = new TrialHost(shell);
    const writer = (name: string) =>
      `echo $$ >${host.path(`${name}.pid`)}; while :; do echo still >>${host.path(name)}; sleep 0.01; done`;
    host.write('writer', writer('far'));
    const limited = `timeout 60 sh ${host.path('writer')} & ${writer('near')}`;
    lay(host, { apply: step('one', `setsid sh ${host.path('writer')} & ${limited}`) });
    const run = host.supervise(2);
    const near = await arrivalAt(host, 'near');
    const far = await arrivalAt(host, 'far');
    await until('both write', () => host.read('near') !== '' && host.read('far') !== '');
    await run.kill();
    expect(await recover(host)).toBe('2 reverted recovered');
    expect([isAtWork(near), isAtWork(far)]).toEqual([false, false]);
    await until('nothing is left', () => host.processes().length === 0);
  });

  it('is recovered however its children come and go', async () => {
    for (let attempt = 0; attempt < 5; attempt++) {
      await using host = new TrialHost(shell);
      const busy = `echo $$ >${host.path('busy.pid')}; while :; do sleep 0.001; true | true; done`;
      lay(host, { apply: step('one', busy) });
      const run = host.supervise(2);
      const child = await arrivalAt(host, 'busy');
      await run.kill();
      expect(await recover(host)).toBe('2 reverted recovered');
      expect(isAtWork(child)).toBe(false);
    }
  });

  it.each([
    ['', '2 reverted recovered'],
    ['confirm\n', '2 confirmed'],
    ['revert\n', '2 reverted recovered'],
    ['freeze\n', '2 reverted recovered'],
  ])('while it waits, with the order %j, ends as that says', async (order, end) => {
    await using host = new TrialHost(shell);
    lay(host);
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    await run.kill();
    if (order !== '') host.write('transactions/2/order', order);
    expect(await recover(host)).toBe(end);
    expect(host.read('current')).toBe(order === 'confirm\n' ? '2-bbbbbbb\n' : '1-aaaaaaa\n');
  });

  it('while it confirms is finished', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    const open = blockJournal(host);
    host.write('transactions/2/order', 'confirm\n');
    await reach(host, 'confirming');
    await run.kill();
    open();
    expect(await recover(host)).toBe('2 confirmed');
    expect(host.read('current')).toBe('2-bbbbbbb\n');
  });

  it.each(['revert\n', 'confirm\n'])('while it goes back goes on back, even with the order %j', async (order) => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'false'), revert: step('back', gate(host, 'go')) });
    const run = host.supervise(2);
    const child = await arrivalAt(host, 'go');
    await run.kill();
    host.write('transactions/2/order', order);
    const recovered = recover(host);
    await until('the first way back is ended', () => !isAtWork(child));
    host.write('go', '');
    expect(await recovered).toBe('2 reverted recovered');
    expect(host.read('current')).toBe('1-aaaaaaa\n');
  });

  it('when the former state was verified, and what led back to it is gone, goes no way twice', async () => {
    await using host = new TrialHost(shell);
    const revert = step('back', `cat ${host.path('releases/0-0000000/rendered.yml')}`);
    lay(host, { apply: step('one', 'false'), revert, unwedge: step('stop', `touch ${host.path('stopped')}`) });
    host.write(
      'transactions/2/settings',
      'projects=lab\nrelease=2-bbbbbbb\nadopted=0-0000000\nconfirm_timeout=60\ncomplete=yes\n',
    );
    host.write('releases/0-0000000/rendered.yml', '{}');
    // Whoever writes the next record waits there.
    execFileSync('mkfifo', [host.path('audit.ndjson')]);
    const run = host.supervise(2);
    await until('what was taken over is gone', () => host.read('releases/0-0000000/rendered.yml') === '');
    await run.kill();
    rmSync(host.path('audit.ndjson'));
    expect(await recover(host)).toBe('2 reverted recovered');
    expect(existsSync(host.path('stopped'))).toBe(false);
  });

  it('whose word was lost is recovered as what nobody works on', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    host.write('transactions/2/status', '');
    expect(await recover(host)).toBe('2 reverted recovered');
  });

  it('before it wrote a word is recovered as if nothing had begun', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    expect(await recover(host)).toBe('2 reverted recovered');
  });

  it('in an earlier boot, whose number another process has now, is recovered', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    host.write('transactions/2/status', `applying ${process.pid} 1 00000000-0000-0000-0000-000000000000 1 \n`);
    expect(await recover(host)).toBe('2 reverted recovered');
    expect(isAtWork(process.pid)).toBe(true);
  });
});

describe.each(SHELLS)('a recovery on a host with %s', (shell) => {
  it('of a supervisor that lives orders it back and waits', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', gate(host, 'go')) + step('two', 'true') });
    const run = host.supervise(2);
    await arrivalAt(host, 'go');
    const recovered = recover(host);
    await until('the order is given', () => host.read('transactions/2/order') === 'revert\n');
    expect(stateOf(host)).toBe('applying');
    host.write('go', '');
    expect(await recovered).toBe('2 reverted ordered');
    await run.ended;
  });

  it('of a supervisor that was told to confirm lets it', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    host.write('transactions/2/order', 'confirm\n');
    expect(await recover(host)).toBe('2 confirmed');
    await run.ended;
  });

  it('of one that ended changes nothing', async () => {
    await using host = new TrialHost(shell);
    lay(host, { apply: step('one', 'false') });
    await host.supervise(2).ended;
    const before = host.read('journal.ndjson');
    expect(await recover(host)).toBe('2 reverted one');
    expect(host.read('journal.ndjson')).toBe(before);
  });

  it('of a frozen one goes back', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    const run = host.supervise(2);
    await reach(host, 'awaiting');
    host.write('transactions/2/order', 'freeze\n');
    await run.ended;
    expect(await recover(host)).toBe('2 reverted recovered');
  });

  it('leaves alone what belongs to an older transaction', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    const bystander = host.sh(`GITOPS_TRANSACTION=$(cat /proc/sys/kernel/random/boot_id)/$1/1 exec sh -c "$2"`, [
      host.env,
      gate(host, 'go'),
    ]);
    const pid = await arrivalAt(host, 'go');
    expect(await recover(host)).toBe('2 reverted recovered');
    expect(isAtWork(pid)).toBe(true);
    host.write('go', '');
    await bystander;
  });

  it('without the lease, or without a transaction, does nothing', async () => {
    await using host = new TrialHost(shell);
    lay(host);
    expect(await host.run('recover', [host.env, '1'])).toMatchObject({ code: 4, stdout: '' });
    rmSync(host.path('transactions'), { recursive: true });
    const { code, stderr } = await host.run('recover', [host.env, '2']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'no transaction was ever begun\n' });
    expect(stateOf(host)).toBe('');
  });
});
