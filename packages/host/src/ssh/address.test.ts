import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { type ConnectOptions, connect } from './connect.ts';
import { freePort, startSshd } from './testing/local-sshd.ts';
import { startMuteAddress } from './testing/mute-address.ts';
import { errorOf, script } from './testing/trial-script.ts';

/** A name with these addresses, the first of which is tried first. */
function nameWith(...addresses: readonly string[]): Pick<ConnectOptions, 'host' | 'lookup'> {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup: LookupFunction = (_name, _options, answer) => answer(null, all);
  return { host: 'docker.example.com', lookup };
}

async function portReached(options: ConnectOptions): Promise<string> {
  await using connection = await connect(options);
  const { stdout } = await connection.run(script('set -- $SSH_CONNECTION; echo "$3 $4"'));
  return stdout.toString().trim();
}

describe('a host by its IPv6 address', () => {
  it('is reached, and its key found below [address]:port', async () => {
    await using sshd = await startSshd({ address: '::1' });
    const options = sshd.options();
    expect(options.knownHosts).toContain(`[::1]:${sshd.port} `);
    expect(await portReached(options)).toBe(`::1 ${sshd.port}`);
  });

  it('of the local link is reached by its zone', async () => {
    const { address, zone } = linkLocalAddress();
    await using sshd = await startSshd({ address: `${address}%${zone}` });
    expect(await portReached(sshd.options())).toBe(`${address}%${zone} ${sshd.port}`);
  });

  it('is reached behind a jump host', async () => {
    await using sshd = await startSshd({ address: '::1' });
    const { host, port, user } = sshd.options();
    expect(await portReached(sshd.options({ jump: [{ host, port, user }] }))).toBe(`::1 ${sshd.port}`);
  });
});

describe('a name with an IPv6 and an IPv4 address', () => {
  it('is reached by the one that accepts', async () => {
    await using sshd = await startSshd();
    const knownHosts = `[docker.example.com]:${sshd.port} ${sshd.hostKey('ed25519')}`;
    expect(await portReached(sshd.options({ ...nameWith('::1', '127.0.0.1'), knownHosts }))).toContain('127.0.0.1');
  });

  it.each([
    ['IPv6', '::1', '127.0.0.1'],
    ['IPv4', '127.0.0.1', '::1'],
  ])('is reached though the %s address, which is tried first, does not answer', async (_, mute, open) => {
    await using sshd = await startSshd({ address: open });
    await using _mute = await startMuteAddress(mute, sshd.port);
    const knownHosts = `* ${sshd.hostKey('ed25519')}`;
    expect(await portReached(sshd.options({ ...nameWith(mute, open), knownHosts }))).toContain(open);
  });

  it('neither of which answers is not waited for', async () => {
    await using sshd = await startSshd();
    await using _six = await startMuteAddress('::1', sshd.port);
    const error = await errorOf(connect(sshd.options({ ...nameWith('::1', '::1'), connectTimeoutMs: 400 })));
    expect([error.code, error.seen]).toEqual(['ssh-connect', 'no answer within 0.4 s']);
  });

  it('both of which refuse says so', async () => {
    await using sshd = await startSshd();
    const port = await freePort();
    const error = await errorOf(connect(sshd.options({ port, ...nameWith('::1', '127.0.0.1') })));
    expect([error.code, error.seen]).toEqual(['ssh-connect', 'the host refused: nothing listens on this port']);
  });
});

function linkLocalAddress(): { address: string; zone: string } {
  for (const [zone, addresses = []] of Object.entries(networkInterfaces())) {
    const found = addresses.find(({ address, internal }) => address.startsWith('fe80:') && !internal);
    if (found) return { address: found.address, zone };
  }
  throw new Error('this machine has no link-local IPv6 address: run `ip link set up` on an interface');
}
