import { createServer } from 'node:net';
import { GitopsError } from '@gitops/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import { offeredKeys } from './offered-keys.ts';
import { freePort, type LocalSshd, listen, startSshd } from './testing/local-sshd.ts';

let sshd: LocalSshd;
beforeAll(async () => {
  sshd = await startSshd({ hostKeys: ['rsa', 'ecdsa', 'ed25519'] });
});
afterAll(() => sshd[Symbol.asyncDispose]());

async function keysAt(port: number, connectTimeoutMs = 60_000): Promise<string[]> {
  const keys: string[] = [];
  for await (const { type, blob } of offeredKeys({ host: '127.0.0.1', port, user: 'nobody', connectTimeoutMs })) {
    keys.push(`${type} ${blob.toString('base64')}`);
  }
  return keys;
}

async function errorAt(port: number, connectTimeoutMs?: number): Promise<GitopsError> {
  const outcome = await keysAt(port, connectTimeoutMs).catch((error: unknown) => error);
  if (outcome instanceof GitopsError) return outcome;
  throw new Error(`expected a GitopsError, got ${outcome}`);
}

describe('the keys a host offers', () => {
  it('are all it has, ed25519 first, without a login', async () => {
    expect(await keysAt(sshd.port)).toEqual([sshd.hostKey('ed25519'), sshd.hostKey('ecdsa'), sshd.hostKey('rsa')]);
  });

  it('leave out the types it has not', async () => {
    await using old = await startSshd({ hostKeys: ['rsa'] });
    expect(await keysAt(old.port)).toEqual([old.hostKey('rsa')]);
  });

  it('can be pinned to log in', async () => {
    const [first] = await keysAt(sshd.port);
    await using connection = await connect(sshd.options({ knownHosts: `[127.0.0.1]:${sshd.port} ${first}\n` }));
    expect(connection.label).toContain(`@127.0.0.1:${sshd.port}`);
  });

  it('are read before a user or a key is sent', async () => {
    const seen: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (chunk) => seen.push(chunk.toString('latin1')));
      socket.end('SSH-2.0-nothing\r\n');
    });
    const port = await listen(server);
    expect(await errorAt(port)).toMatchObject({ code: 'ssh-protocol' });
    expect(seen.join('')).not.toContain('nobody');
    server.close();
  });

  it('cannot be read where nothing listens, or nobody speaks', async () => {
    expect(await errorAt(await freePort())).toMatchObject({ code: 'ssh-connect' });
    const server = createServer();
    expect(await errorAt(await listen(server), 300)).toMatchObject({ code: 'ssh-silent' });
    server.close();
  });
});
