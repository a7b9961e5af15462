import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { type LocalSshd, startSshd } from './testing/local-sshd.ts';
import { errorOf, script, talkative } from './testing/trial-script.ts';

const keepaliveIntervalMs = 500;
const waiting = () => talkative('echo $$; read line', { stdin: new PassThrough(), timeoutMs: 120_000 });

/** Stops the processes that serve a host's connections: its kernel answers, as a NAT box would, and nobody else. */
function freeze(sshd: LocalSshd): Disposable {
  const pids = sshd.sessions();
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  return {
    [Symbol.dispose]: () => {
      for (const pid of pids) process.kill(pid, 'SIGKILL');
    },
  };
}

describe('a host that vanished without a word', () => {
  it('is noticed by what runs, after four intervals', async () => {
    await using sshd = await startSshd();
    await using connection = await connect(sshd.options({ keepaliveIntervalMs }));
    const { script: endless, said } = waiting();
    const running = errorOf(connection.run(endless));
    await said;
    using _frozen = freeze(sshd);
    const error = await running;
    expect(error.code).toBe('ssh-lost');
    expect(error.seen).toContain('the connection was lost: the host did not answer for 2 s');
  });

  it('is noticed while nothing runs, and told to the next script', async () => {
    await using sshd = await startSshd();
    await using connection = await connect(sshd.options({ keepaliveIntervalMs }));
    using _frozen = freeze(sshd);
    const error = await errorOf(connection.run(script('true', { timeoutMs: 120_000 })));
    expect(error.code).toBe('ssh-lost');
  });

  it('is noticed while it is sent more than it can take', async () => {
    await using sshd = await startSshd();
    await using connection = await connect(sshd.options({ keepaliveIntervalMs }));
    const { script: endless, said } = waiting();
    const input = new PassThrough();
    const running = errorOf(connection.run({ ...endless, stdin: input }));
    await said;
    using _frozen = freeze(sshd);
    input.write(Buffer.alloc(8_000_000));
    expect((await running).code).toBe('ssh-lost');
  });

  it.each(['the jump host', 'the target behind a jump host'])('is noticed when it is %s', async (which) => {
    await using jump = await startSshd();
    await using target = await startSshd();
    const [{ host, port, user, keys, knownHosts }, last] = [jump.options(), target.options()];
    const both = { keys: [...keys, ...last.keys], knownHosts: knownHosts + last.knownHosts };
    const route = { ...both, jump: [{ host, port, user }], keepaliveIntervalMs };
    await using connection = await connect(target.options(route));
    const { script: endless, said } = waiting();
    const running = errorOf(connection.run(endless));
    await said;
    using _frozen = freeze(which === 'the jump host' ? jump : target);
    expect((await running).code).toBe('ssh-lost');
  });
});

it('a host that is only busy for several intervals is not taken for lost', async () => {
  await using sshd = await startSshd();
  await using connection = await connect(sshd.options({ keepaliveIntervalMs }));
  expect((await connection.run(script('sleep 4; exit 3'))).code).toBe(3);
});
