import { createServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ConnectOptions, connect } from './connect.ts';
import { freePort, type LocalSshd, listen, startSshd } from './testing/local-sshd.ts';
import { errorOf, script, talkative } from './testing/trial-script.ts';

let first: LocalSshd;
let second: LocalSshd;
let target: LocalSshd;
beforeAll(async () => {
  [first, second, target] = await Promise.all([startSshd(), startSshd(), startSshd()]);
});
afterAll(() => Promise.all([first, second, target].map((sshd) => sshd[Symbol.asyncDispose]())));

/** Options to reach the target through these hosts, with the key and the host keys of all of them. */
function through(jumps: readonly LocalSshd[], overrides: Partial<ConnectOptions> = {}): ConnectOptions {
  const all = [...jumps, target].map((sshd) => sshd.options());
  const jump = all.slice(0, -1).map(({ host, port, user }) => ({ host, port, user }));
  const knownHosts = all.map((options) => options.knownHosts).join('');
  return target.options({ jump, knownHosts, keys: all.flatMap((options) => options.keys), ...overrides });
}

function labelOf(sshd: LocalSshd): string {
  const { user, host, port } = sshd.options();
  return `${user}@${host}:${port}`;
}

/** The port that a session of sshd was reached on. */
const WHOSE_PORT = 'set -- $SSH_CONNECTION; echo "$4"';

describe('a jump host', () => {
  it.each([
    ['one', () => [first]],
    ['two', () => [first, second]],
  ])('is gone through: %s of them', async (_, jumps) => {
    await using connection = await connect(through(jumps()));
    expect(connection.label).toBe(labelOf(target));
    const { stdout } = await connection.run(script(WHOSE_PORT));
    expect(stdout.toString().trim()).toBe(String(target.port));
  });

  it('carries bulk in both directions', async () => {
    await using connection = await connect(through([first]));
    const bytes = Buffer.alloc(5_000_000, 'abcdefg\n\0');
    const { stdout } = await connection.run(script('cat', { stdin: bytes }));
    expect(stdout.equals(bytes)).toBe(true);
  });

  it('looks up names by itself', async () => {
    const knownHosts = [first, target].map(({ port, hostKey }) => `[*]:${port} ${hostKey('ed25519')}\n`).join('');
    await using connection = await connect(through([first], { host: 'localhost', knownHosts }));
    expect((await connection.run(script('true'))).code).toBe(0);
  });

  it('is left when the connection is closed', async () => {
    await using short = await startSshd();
    const connection = await connect(through([short]));
    expect(short.sessions()).not.toEqual([]);
    connection.close();
    await vi.waitFor(() => expect(short.sessions()).toEqual([]), 60_000);
  });

  it('is left when the target refuses', async () => {
    await using short = await startSshd();
    await errorOf(connect(through([short], { keys: short.options().keys })));
    await vi.waitFor(() => expect(short.sessions()).toEqual([]), 60_000);
  });
});

describe('what goes wrong on the way', () => {
  it('names a jump host whose key is not pinned', async () => {
    const knownHosts = target.options().knownHosts;
    const error = await errorOf(connect(through([first], { knownHosts })));
    expect([error.code, error.attempted]).toEqual([
      'ssh-host-key-unknown',
      `connect to ${labelOf(first)} (a jump host)`,
    ]);
  });

  it('names the second jump host and how it is reached', async () => {
    const knownHosts = [first, target].map((sshd) => sshd.options().knownHosts).join('');
    const error = await errorOf(connect(through([first, second], { knownHosts })));
    expect([error.code, error.attempted]).toEqual([
      'ssh-host-key-unknown',
      `connect to ${labelOf(second)} (a jump host) through ${labelOf(first)}`,
    ]);
  });

  it('names a jump host that takes no key', async () => {
    const error = await errorOf(connect(through([first], { keys: target.options().keys })));
    expect([error.code, error.attempted]).toEqual(['ssh-authentication', `connect to ${labelOf(first)} (a jump host)`]);
  });

  it('names the target that takes no key', async () => {
    const error = await errorOf(connect(through([first], { keys: first.options().keys })));
    expect([error.code, error.attempted]).toEqual([
      'ssh-authentication',
      `connect to ${labelOf(target)} through ${labelOf(first)}`,
    ]);
  });

  it('names the target whose key is another one', async () => {
    const knownHosts = `${first.options().knownHosts}[127.0.0.1]:${target.port} ${second.hostKey('ed25519')}\n`;
    const error = await errorOf(connect(through([first], { knownHosts })));
    expect([error.code, error.attempted]).toEqual([
      'ssh-host-key-changed',
      `connect to ${labelOf(target)} through ${labelOf(first)}`,
    ]);
  });

  it('names a jump host that cannot be reached', async () => {
    const port = await freePort();
    const jump = [{ host: '127.0.0.1', port, user: 'jump' }];
    const error = await errorOf(connect(through([first], { jump })));
    expect([error.code, error.attempted]).toEqual(['ssh-connect', `connect to 127.0.0.1:${port}`]);
  });

  it('says that the jump host could not reach the target', async () => {
    const port = await freePort();
    const error = await errorOf(connect(through([first], { port })));
    expect([error.code, error.attempted]).toEqual([
      'ssh-connect',
      `connect to 127.0.0.1:${port} through the jump host ${labelOf(first)}`,
    ]);
    expect(error.seen).toBe('the jump host could not connect: Connection refused');
  });

  it('says that the jump host forbids it', async () => {
    await using strict = await startSshd({ config: ['AllowTcpForwarding no'] });
    const error = await errorOf(connect(through([strict])));
    expect([error.code, error.remedy]).toEqual(['ssh-jump', expect.stringContaining('AllowTcpForwarding')]);
  });

  it('does not wait for a silent target behind a jump host', async () => {
    const silent = createServer();
    const port = await listen(silent);
    const error = await errorOf(connect(through([first], { port, connectTimeoutMs: 5_000 })));
    expect(error.code).toBe('ssh-silent');
    expect(error.message).toContain(`127.0.0.1:${port} through ${labelOf(first)}: the port is open, but nothing spoke`);
    silent.close();
  });

  it('does not wait after an abort, on whichever host it is', async () => {
    const aborter = new AbortController();
    const silent = createServer(() => aborter.abort());
    const port = await listen(silent);
    const error = await errorOf(connect(through([first], { port, signal: aborter.signal })));
    expect([error.code, error.attempted]).toEqual(['ssh-aborted', expect.stringContaining(`127.0.0.1:${port}`)]);
    silent.close();
  });
});

describe('a jump host that is lost', () => {
  it('is told, with what ran behind it', async () => {
    await using short = await startSshd();
    await using connection = await connect(through([short]));
    const { script: endless, said } = talkative('echo $$; read line', { stdin: new PassThrough() });
    const running = errorOf(connection.run(endless));
    await said;
    for (const pid of short.sessions()) process.kill(pid, 'SIGKILL');
    const error = await running;
    expect(error.code).toBe('ssh-lost');
    expect(error.seen).toContain(`the one to its jump host ${labelOf(short)} was lost`);
  });
});
