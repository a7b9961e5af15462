import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import ssh2 from 'ssh2';
import { afterAll, describe, expect, it } from 'vitest';
import { type ConnectOptions, connect } from './connect.ts';
import { certificateFault, parseHostCertificate } from './host-certificate.ts';
import { fingerprint } from './host-key.ts';
import { pinnedKeys } from './known-hosts.ts';
import { type KeyFile, KeyFolder } from './testing/key-files.ts';
import { type HostKeyType, type LocalSshd, listen, startSshd } from './testing/local-sshd.ts';
import { errorOf, script } from './testing/trial-script.ts';

const folder = new KeyFolder();
const authority = folder.make('authority');
const other = folder.make('other');
afterAll(() => folder.remove());

/** Starts an sshd that has certificates of its keys; the options are those of `ssh-keygen -s`. */
function certifiedSshd(
  ca: KeyFile,
  options: readonly string[],
  hostKeys: readonly HostKeyType[] = ['ed25519'],
  config: readonly string[] = [],
): Promise<LocalSshd> {
  return startSshd({ hostKeys, config, certify: (publicKeyFile) => sign(ca, publicKeyFile, options) });
}

function sign(ca: KeyFile, publicKeyFile: string, options: readonly string[]): void {
  execFileSync('ssh-keygen', ['-q', '-s', ca.path, '-I', 'the host', ...options, publicKeyFile], { stdio: 'pipe' });
}

function authorityLine(names: string, ca: KeyFile): string {
  return `@cert-authority ${names} ${ca.publicText}`;
}

function codeOf(options: ConnectOptions): Promise<string> {
  return connect(options).then(
    async (connection) => {
      const { code } = await connection.run(script('exit 7'));
      connection.close();
      return String(code);
    },
    (error: { code: string }) => error.code,
  );
}

describe('a host with a certificate', () => {
  it.each([
    ['for its name', ['-h', '-n', '127.0.0.1']],
    ['for several names', ['-h', '-n', 'docker.example.com,127.0.0.1']],
    ['for a pattern', ['-h', '-n', '127.0.0.*']],
    ['for every host', ['-h']],
    ['that is valid now', ['-h', '-V', '-1h:+1h']],
  ])('%s is accepted by its authority alone', async (_, options) => {
    await using sshd = await certifiedSshd(authority, options);
    const { port } = sshd;
    expect(await codeOf(sshd.options({ knownHosts: authorityLine(`[127.0.0.1]:${port}`, authority) }))).toBe('7');
    expect(await codeOf(sshd.options({ knownHosts: authorityLine('127.0.0.*', authority) }))).toBe('7');
  });

  it.each(['ed25519', 'rsa', 'ecdsa'] as const)('may have a key and an authority of the type %s', async (type) => {
    const size = { ed25519: [], rsa: ['-b', '2048'], ecdsa: ['-b', '521'] }[type];
    const ca = folder.make(`authority_${type}`, ['-t', type, ...size]);
    await using sshd = await certifiedSshd(ca, ['-h'], [type]);
    expect(await codeOf(sshd.options({ knownHosts: authorityLine('*', ca) }))).toBe('7');
  });

  it('is accepted whichever of the named authorities signed it', async () => {
    await using sshd = await certifiedSshd(authority, ['-h']);
    const knownHosts = [other, authority].map((ca) => authorityLine('*', ca)).join('');
    expect(await codeOf(sshd.options({ knownHosts }))).toBe('7');
  });

  it.each([
    ['of another authority', other, ['-h'], /which no @cert-authority line of known_hosts names/],
    ['for another name', authority, ['-h', '-n', 'docker.example.com'], /it is for docker\.example\.com, not for 127/],
    ['that has expired', authority, ['-h', '-V', '-2h:-1h'], /it has expired on 20\d\d-/],
    ['that is not valid yet', authority, ['-h', '-V', '+1h:+2h'], /it is not valid before 20\d\d-/],
  ])('%s is refused with the reason and the key', async (_, ca, options, why) => {
    await using sshd = await certifiedSshd(ca, options);
    const error = await errorOf(connect(sshd.options({ knownHosts: authorityLine('*', authority) })));
    expect(error.code).toBe('ssh-host-key-unknown');
    expect(error.seen).toMatch(why);
    expect(error.seen).toContain('its certificate "the host" does not count');
    expect(error.seen).toContain(fingerprint(Buffer.from(sshd.hostKey('ed25519').split(' ')[1] ?? '', 'base64')));
  });

  it('of an authority for other hosts is refused', async () => {
    await using sshd = await certifiedSshd(authority, ['-h']);
    expect(await codeOf(sshd.options({ knownHosts: authorityLine('*.example.com', authority) }))).toBe(
      'ssh-host-key-unknown',
    );
  });

  it.each([
    ['its authority', 'ssh-host-key-unknown', () => authority.publicText],
    ['its key', 'ssh-host-key-revoked', (sshd: LocalSshd) => sshd.hostKey('ed25519')],
  ])('is refused when %s is revoked', async (_, code, revoked) => {
    await using sshd = await certifiedSshd(authority, ['-h']);
    const knownHosts = `${authorityLine('*', authority)}@revoked * ${revoked(sshd)}\n`;
    expect(await codeOf(sshd.options({ knownHosts }))).toBe(code);
  });

  it('that does not count is still accepted by its pinned key', async () => {
    await using sshd = await certifiedSshd(authority, ['-h', '-V', '-2h:-1h']);
    const knownHosts = sshd.options().knownHosts + authorityLine('*', authority);
    expect(await codeOf(sshd.options({ knownHosts }))).toBe('7');
  });

  it('says so if it does not offer the key without it', async () => {
    const config = ['HostKeyAlgorithms ssh-ed25519-cert-v01@openssh.com'];
    await using sshd = await certifiedSshd(authority, ['-h'], ['ed25519'], config);
    const error = await errorOf(connect(sshd.options({ knownHosts: authorityLine('*', authority) })));
    expect([error.code, error.remedy]).toEqual([
      'ssh-host-certificate',
      expect.stringContaining('HostKeyAlgorithms in sshd_config'),
    ]);
  });

  it('is accepted behind a jump host that has one as well', async () => {
    await using jump = await certifiedSshd(authority, ['-h']);
    await using sshd = await certifiedSshd(authority, ['-h']);
    const { host, port, user, keys } = jump.options();
    const options = sshd.options({
      jump: [{ host, port, user }],
      keys: [...keys, ...sshd.options().keys],
      knownHosts: authorityLine('*', authority),
    });
    expect(await codeOf(options)).toBe('7');
  });
});

describe('a certificate', () => {
  it('is no use to a host that has not its key', async () => {
    await using honest = await certifiedSshd(authority, ['-h']);
    await using impostor = await startSshd();
    const ports = [honest.port, impostor.port];
    const relay = createServer((socket) => {
      const onward = createConnection(ports.shift() ?? 0, '127.0.0.1').on('error', () => {});
      socket
        .on('error', () => {})
        .pipe(onward)
        .pipe(socket);
    });
    const port = await listen(relay);
    const error = await errorOf(connect(impostor.options({ port, knownHosts: authorityLine('*', authority) })));
    expect([error.code, ports]).toEqual(['ssh-host-key-changed', []]);
    relay.close();
  });

  const rsaAuthority = folder.make('authority_rsa_sha1', ['-t', 'rsa', '-b', '2048']);
  const certificate = (name: string, ca: KeyFile, options: readonly string[]): Buffer => {
    const key = folder.make(name);
    sign(ca, `${key.path}.pub`, options);
    return Buffer.from(readFileSync(`${key.path}-cert.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
  };
  const faultOf = (blob: Buffer): string | undefined => {
    const pinned = pinnedKeys([authority, rsaAuthority].map((ca) => authorityLine('*', ca)).join(''), 'docker', 22);
    const parsed = parseHostCertificate(blob);
    return parsed ? certificateFault(ssh2.utils, parsed, 'docker', pinned) : 'unreadable';
  };

  it('of RSA counts with SHA-2 and not with SHA-1', () => {
    expect(faultOf(certificate('sha2', rsaAuthority, ['-h', '-t', 'rsa-sha2-512']))).toBeUndefined();
    expect(faultOf(certificate('sha1', rsaAuthority, ['-h', '-t', 'ssh-rsa']))).toMatch(/SHA-1/);
  });

  it('of a user does not count for a host', () => {
    expect(faultOf(certificate('a_user', authority, ['-n', 'docker']))).toBe('it is for users, not for hosts');
  });

  it('with critical options does not count, as none is known', () => {
    expect(faultOf(certificate('critical', authority, ['-h', '-O', 'critical:x@example.com=1']))).toMatch(/critical/);
  });

  it('does not survive the change of any byte, nor a cut', () => {
    const blob = certificate('changed', authority, ['-h', '-n', 'docker']);
    expect(faultOf(blob)).toBeUndefined();
    for (let index = 0; index < blob.length; index++) {
      const changed = Buffer.from(blob);
      changed.writeUInt8(blob.readUInt8(index) ^ 1, index);
      expect(faultOf(changed), `byte ${index}`).toBeDefined();
      expect(faultOf(blob.subarray(0, index)), `cut at ${index}`).toBeDefined();
    }
  });
});

describe('a host that shows no certificate', () => {
  it.each([
    ['as it has none', (socket: Socket) => void socket],
    ['but hangs up', (socket: Socket) => socket.destroy()],
    ['but speaks something else', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['but damaged packets', (socket: Socket) => socket.end(`SSH-2.0-x\r\n${'\0'.repeat(4_000)}`)],
    ['but an endless one', (socket: Socket) => socket.end(`SSH-2.0-x\r\n${'\x7f'.repeat(400_000)}`)],
  ])('%s is judged by its pinned key', async (kind, answer) => {
    await using sshd = await startSshd();
    let first = true;
    const relay = createServer((socket) => {
      socket.on('error', () => {});
      if (first && kind !== 'as it has none') answer(socket);
      // A reset by sshd, which it may answer to what it does not read, has to get through.
      else pipeline(socket, createConnection(sshd.port, '127.0.0.1'), socket, () => {});
      first = false;
    });
    const port = await listen(relay);
    const pinned = `* ${sshd.hostKey('ed25519')}\n`;
    expect(await codeOf(sshd.options({ port, knownHosts: pinned + authorityLine('*', authority) }))).toBe('7');
    relay.close();
  });

  it('is not waited for', async () => {
    const silent = createServer();
    const port = await listen(silent);
    await using sshd = await startSshd();
    const knownHosts = authorityLine('*', authority);
    const error = await errorOf(connect(sshd.options({ port, knownHosts, connectTimeoutMs: 1_000 })));
    expect([error.code, error.seen]).toEqual(['ssh-silent', 'no certificate came for 1 s']);
    const aborter = new AbortController();
    silent.once('connection', () => aborter.abort());
    const aborted = await errorOf(connect(sshd.options({ port, knownHosts, signal: aborter.signal })));
    expect(aborted.code).toBe('ssh-aborted');
    silent.close();
  });
});
