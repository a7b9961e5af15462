import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { PROGRAMS } from '../programs.generated.ts';
import { SHELLS, type ShellHost, startShellHost } from '../testing/shell-host.ts';

interface Scripts {
  readonly apply?: string;
  readonly revert?: string;
  readonly unwedge?: string;
  readonly expect?: string;
  readonly confirmTimeout?: number;
}

/** Lays down transaction 2 of release `2-bbbbbbb` over `1-aaaaaaa`, under a lease that lives. */
async function lay(host: ShellHost, scripts: Scripts): Promise<void> {
  const boot = await bootId();
  const settings = `project=p\nrelease=2-bbbbbbb\nconfirm_timeout=${scripts.confirmTimeout ?? 60}\n`;
  await host.write('current', '1-aaaaaaa\n');
  await host.write('releases/1-aaaaaaa/manifest.json', '{}');
  await host.write('releases/2-bbbbbbb/rendered.yml', '{}');
  await host.write('lease/2', `automatic\n${boot}\n999999999\n{}\n`);
  await host.write('transactions/2/program', PROGRAMS.supervise);
  await host.write('transactions/2/settings', settings);
  for (const name of ['apply', 'revert', 'unwedge', 'expect'] as const) {
    await host.write(`transactions/2/${name}`, `${scripts[name] ?? ''}\nreturn 0\n`);
  }
}

async function bootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

/** A zombie waits for its parent and does nothing any more. */
async function isAtWork(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z');
  return !stat.includes(') Z');
}

function supervise(host: ShellHost): ChildProcess {
  const child = host.start('supervise', host.env, '2', 'apply');
  child.stdin.end();
  return child;
}

async function state(host: ShellHost): Promise<string> {
  const [word = '', , , , , ...detail] = (await host.read('transactions/2/status')).trim().split(' ');
  return [word, ...detail].join(' ').trim();
}

function reach(host: ShellHost, word: string): Promise<void> {
  return vi.waitFor(async () => expect((await state(host)).split(' ')[0]).toBe(word), {
    timeout: 15_000,
    interval: 20,
  });
}

async function journal(host: ShellHost): Promise<readonly { step: string; event: string; code: number }[]> {
  return (await host.read('journal.ndjson'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const step = (name: string, command: string) => `step ${name} 60 sh -c '${command}' || return 1`;

describe.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])('a transaction on a host with %s', (shell) => {
  test('that is confirmed makes its release current, with a line before and after each step', async () => {
    await using host = await startShellHost(shell);
    await lay(host, { apply: `${step('one', 'true')}\n${step('two', 'true')}` });
    const done = once(supervise(host), 'exit');
    await reach(host, 'awaiting');
    await host.write('transactions/2/order', 'confirm\n');
    await done;
    expect(await state(host)).toBe('confirmed');
    expect(await host.read('current')).toBe('2-bbbbbbb\n');
    const events = (await journal(host)).map((line) => `${line.step} ${line.event}`);
    expect(events).toEqual(['one begin', 'one end', 'two begin', 'two end', 'current begin', 'current end']);
  });

  test('whose step fails goes back, and says which', async () => {
    await using host = await startShellHost(shell);
    await lay(host, {
      apply: `${step('one', 'exit 7')}\n${step('two', 'touch ran')}`,
      revert: step('back', 'touch back'),
    });
    await once(supervise(host), 'exit');
    expect(await state(host)).toBe('reverted one');
    expect(await host.read('current')).toBe('1-aaaaaaa\n');
    expect(await host.read('releases/2-bbbbbbb/rendered.yml')).toBe('');
    expect(await journal(host)).toContainEqual(expect.objectContaining({ step: 'one', event: 'end', code: 7 }));
  });

  test('goes back by itself when the runner is silent, and not while it renews its lease', async () => {
    await using host = await startShellHost(shell);
    await lay(host, { confirmTimeout: 2 });
    await host.write('lease/2.beat', '999999999');
    const done = once(supervise(host), 'exit');
    await reach(host, 'awaiting');
    await host.write('lease/2.beat', '0');
    await done;
    expect(await state(host)).toBe('reverted runner-silent');
  });

  test('that is ordered back while it applies stops before the next step', async () => {
    await using host = await startShellHost(shell);
    const wait = `touch ${host.env}/at-one; until [ -e ${host.env}/go ]; do sleep 0.02; done`;
    await lay(host, { apply: `${step('one', wait)}\n${step('two', `touch ${host.env}/ran`)}` });
    const done = once(supervise(host), 'exit');
    await vi.waitFor(async () => expect((await journal(host)).length).toBe(1), 5000);
    await host.write('transactions/2/order', 'revert\n');
    await host.write('go', '');
    await done;
    expect(await state(host)).toBe('reverted ordered');
    expect((await journal(host)).map((line) => line.step)).not.toContain('two');
  });

  test('may be frozen', async () => {
    await using host = await startShellHost(shell);
    await lay(host, {});
    const done = once(supervise(host), 'exit');
    await reach(host, 'awaiting');
    await host.write('transactions/2/order', 'freeze\n');
    await done;
    expect(await state(host)).toBe('frozen ordered');
    expect(await host.read('current')).toBe('1-aaaaaaa\n');
  });

  test('whose way back is wedged is unwedged once, and fails openly when that is not enough', async () => {
    await using host = await startShellHost(shell);
    const failing = { apply: step('one', 'false'), unwedge: step('down', `touch ${join(host.env, 'open')}`) };
    await lay(host, { ...failing, revert: step('back', `test -e ${join(host.env, 'open')}`) });
    await once(supervise(host), 'exit');
    expect(await state(host)).toBe('reverted one');
    await using other = await startShellHost(shell);
    await lay(other, { ...failing, revert: step('back', 'false') });
    await once(supervise(other), 'exit');
    expect(await state(other)).toBe('revert-failed one back');
  });

  test('whose former state cannot be verified fails openly', async () => {
    await using host = await startShellHost(shell);
    await lay(host, { apply: step('one', 'false'), expect: 'expect web hash image 1 service || return 1' });
    await once(supervise(host), 'exit');
    expect(await state(host)).toBe('revert-failed one verify');
  });
});

describe.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])(
  'a supervisor that is killed on a host with %s',
  (shell) => {
    test('while it applies is followed by a recovery that ends its children and goes back', async () => {
      await using host = await startShellHost(shell);
      const busy = `echo $$ >${host.env}/busy; while :; do sleep 0.05; done`;
      await lay(host, { apply: step('one', busy), revert: step('back', `touch ${host.env}/back`) });
      const child = supervise(host);
      await vi.waitFor(async () => expect(await host.read('busy')).not.toBe(''), 5000);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const orphan = (await host.read('busy')).trim();
      expect(await isAtWork(orphan)).toBe(true);
      expect(await host.run('recover', host.env, '2')).toMatch(/^2 reverted .* recovered$/m);
      expect(await isAtWork(orphan)).toBe(false);
      expect(await journal(host)).toContainEqual(expect.objectContaining({ step: 'back', event: 'end', code: 0 }));
    });

    test.each([
      ['', 'reverted'],
      ['confirm\n', 'confirmed'],
    ])('while it waits with the order %j ends %s', async (order, end) => {
      await using host = await startShellHost(shell);
      await lay(host, {});
      const child = supervise(host);
      await reach(host, 'awaiting');
      child.kill('SIGKILL');
      await once(child, 'exit');
      if (order !== '') await host.write('transactions/2/order', order);
      expect(await host.run('recover', host.env, '2')).toContain(`2 ${end}`);
      expect(await host.read('current')).toBe(end === 'confirmed' ? '2-bbbbbbb\n' : '1-aaaaaaa\n');
    });

    test('before it wrote a word is recovered as if nothing had begun', async () => {
      await using host = await startShellHost(shell);
      await lay(host, {});
      expect(await host.run('recover', host.env, '2')).toContain('2 reverted');
    });
  },
);

describe.each(Object.keys(SHELLS) as (keyof typeof SHELLS)[])('a recovery on a host with %s', (shell) => {
  test('of a supervisor that lives orders it back and waits', async () => {
    await using host = await startShellHost(shell);
    await lay(host, {});
    const done = once(supervise(host), 'exit');
    await reach(host, 'awaiting');
    expect(await host.run('recover', host.env, '2')).toContain('2 reverted');
    await done;
  });

  test('without the lease does nothing', async () => {
    await using host = await startShellHost(shell);
    await lay(host, {});
    expect(await host.run('recover', host.env, '1')).toBe('');
    expect(await state(host)).toBe('');
  });
});
