import { execFileSync } from 'node:child_process';
import { createServer } from 'node:net';
import { GitopsError } from '@gitops/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectOptions, connect } from './connect.ts';
import { fingerprint } from './host-key.ts';
import { freePort, type LocalSshd, listen, startSshd } from './testing/local-sshd.ts';

async function errorOf(options: ConnectOptions): Promise<GitopsError> {
  const outcome = await connect(options).catch((error: unknown) => error);
  if (outcome instanceof GitopsError) return outcome;
  throw new Error(`expected a GitopsError, got ${outcome}`);
}

async function logsIn(options: ConnectOptions): Promise<boolean> {
  await using connection = await connect(options);
  const { code } = await connection.run({ what: 'say yes', script: 'true', timeoutMs: 10_000 });
  return code === 0;
}

function keyFingerprint(line: string): string {
  return fingerprint(Buffer.from(line.split(' ')[1] ?? '', 'base64'));
}

let sshd: LocalSshd;
beforeAll(async () => {
  sshd = await startSshd({ hostKeys: ['ed25519', 'rsa', 'ecdsa'] });
});
afterAll(() => sshd[Symbol.asyncDispose]());

describe('a login', () => {
  it('is accepted with several key types pinned', async () => {
    expect(await logsIn(sshd.options())).toBe(true);
  });

  it.each(['ed25519', 'rsa', 'ecdsa'] as const)(
    'asks a host with several keys for its pinned one: %s',
    async (type) => {
      expect(await logsIn(sshd.options({ knownHosts: `[127.0.0.1]:${sshd.port} ${sshd.hostKey(type)}` }))).toBe(true);
    },
  );

  it('is accepted by a hashed line', async () => {
    const hashed = hashName(`[127.0.0.1]:${sshd.port}`);
    expect(await logsIn(sshd.options({ knownHosts: `${hashed} ${sshd.hostKey('ed25519')}` }))).toBe(true);
  });

  it.each([
    ['one of several of its type, as during a change of keys', '127.0.0.1', '127.0.0.1'],
    ['one below a pattern, where another one is pinned for others', '127.0.?.*', '127.1.*'],
  ])('is accepted by its key: %s', async (_, names, others) => {
    await using other = await startSshd();
    const line = (each: string, host: LocalSshd) => `[${each}]:${sshd.port} ${host.hostKey('ed25519')}\n`;
    expect(await logsIn(sshd.options({ knownHosts: line(others, other) + line(names, sshd) }))).toBe(true);
  });

  it('takes a name that resolves', async () => {
    const knownHosts = `[localhost]:${sshd.port} ${sshd.hostKey('ed25519')}`;
    expect(await logsIn(sshd.options({ host: 'localhost', knownHosts }))).toBe(true);
  });

  it('takes a private key with Windows line ends and no line break at the end', async () => {
    const text = sshd.userKey.trim().replaceAll('\n', '\r\n');
    expect(await logsIn(sshd.options({ keys: [{ text }] }))).toBe(true);
  });
});

describe('a host that cannot be reached', () => {
  it('is told apart when its name has no address', async () => {
    const error = await errorOf(sshd.options({ host: 'nowhere.invalid' }));
    expect(error.code).toBe('ssh-name');
    expect(error.message).toContain('nowhere.invalid');
  });

  it('is told apart when nothing listens on the port', async () => {
    const error = await errorOf(sshd.options({ port: await freePort() }));
    expect(error.code).toBe('ssh-connect');
    expect(error.message).toContain('refused');
  });

  it('is told apart when the port is open and nobody speaks', async () => {
    const server = createServer();
    const port = await listen(server);
    const error = await errorOf(sshd.options({ port, connectTimeoutMs: 300 }));
    expect(error.code).toBe('ssh-silent');
    expect(error.message).toContain('the port is open, but nothing spoke SSH; then no more came for 0.3 s');
    server.close();
  });

  it('is told apart when it hangs up at once', async () => {
    const server = createServer((socket) => socket.end());
    const port = await listen(server);
    expect((await errorOf(sshd.options({ port }))).code).toBe('ssh-silent');
    server.close();
  });

  it('is told apart when it speaks something else', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const port = await listen(server);
    expect((await errorOf(sshd.options({ port }))).code).toBe('ssh-protocol');
    server.close();
  });

  it('is not waited for after an abort', async () => {
    const server = createServer();
    const port = await listen(server);
    const aborter = new AbortController();
    server.once('connection', () => aborter.abort());
    expect((await errorOf(sshd.options({ port, signal: aborter.signal }))).code).toBe('ssh-aborted');
    expect((await errorOf(sshd.options({ port, signal: aborter.signal }))).code).toBe('ssh-aborted');
    server.close();
  });
});

describe('a host key', () => {
  it('without a line is shown with all that is needed to add one', async () => {
    const error = await errorOf(sshd.options({ knownHosts: `other ${sshd.hostKey('ed25519')}` }));
    expect(error.code).toBe('ssh-host-key-unknown');
    expect(error.seen).toContain(`ssh-ed25519 ${keyFingerprint(sshd.hostKey('ed25519'))}`);
    expect(error.remedy).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    expect(error.remedy).toContain(`[127.0.0.1]:${sshd.port} ${sshd.hostKey('ed25519')}`);
  });

  it('without a certificate, though an authority is named, says so and shows the key', async () => {
    const error = await errorOf(sshd.options({ knownHosts: `@cert-authority * ${sshd.hostKey('ed25519')}` }));
    expect(error.code).toBe('ssh-host-key-unknown');
    expect(error.seen).toContain('; it shows no certificate');
  });

  it('that is not the pinned one is refused with both fingerprints', async () => {
    await using other = await startSshd();
    const knownHosts = `[127.0.0.1]:${sshd.port} ${other.hostKey('ed25519')}`;
    const error = await errorOf(sshd.options({ knownHosts }));
    expect(error.code).toBe('ssh-host-key-changed');
    expect(error.seen).toContain(keyFingerprint(sshd.hostKey('ed25519')));
    expect(error.seen).toContain(keyFingerprint(other.hostKey('ed25519')));
  });

  it('of a type that the host no longer has counts as changed', async () => {
    await using other = await startSshd({ hostKeys: ['ed25519'] });
    const error = await errorOf(other.options({ knownHosts: `[127.0.0.1]:${other.port} ${sshd.hostKey('rsa')}` }));
    expect(error.code).toBe('ssh-host-key-changed');
    expect(error.seen).toContain('ssh-rsa');
  });

  it('that is revoked is refused, though it is pinned', async () => {
    const { knownHosts } = sshd.options();
    const error = await errorOf(sshd.options({ knownHosts: `${knownHosts}@revoked * ${sshd.hostKey('ed25519')}\n` }));
    expect(error.code).toBe('ssh-host-key-revoked');
  });
});

describe('a private key', () => {
  it('that the host does not know is named by its fingerprint, with the user', async () => {
    const options = sshd.options({ keys: [{ text: sshd.strangerKey }] });
    const error = await errorOf(options);
    expect(error.code).toBe('ssh-authentication');
    expect(error.message).toContain(`the user ${options.user}`);
    expect(error.message).toMatch(/SHA256:[A-Za-z0-9+/]{43}/);
    expect(error.remedy).toContain('authorized_keys');
  });

  it.each([
    ['nothing', () => '', /empty/],
    ['junk', () => 'geheim-geheim', /not a key/],
    ['half a key', () => sshd.strangerKey.slice(0, 200), /not a key/],
    ['a public key', () => sshd.hostKey('ed25519'), /public key/],
  ])('that is %s is refused without showing it', async (_, text, seen) => {
    const error = await errorOf(sshd.options({ keys: [{ text: text() }] }));
    expect(error.code).toBe('ssh-private-key');
    expect(error.message).toMatch(seen);
    expect(JSON.stringify([error.message, error.stack, String(error.cause)])).not.toContain('geheim');
  });
});

function hashName(name: string): string {
  const script =
    'umask 077; f=$(mktemp); echo "$1 $2" >$f; ssh-keygen -q -H -f $f >/dev/null 2>&1; cut -d" " -f1 $f; rm $f $f.old';
  return execFileSync('sh', ['-c', script, 'sh', name, sshd.hostKey('ed25519')])
    .toString()
    .trim();
}
