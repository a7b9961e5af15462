import { createConnection, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { type LocalSshd, listen, startSshd } from './testing/local-sshd.ts';
import { errorOf, isRunning, script, talkative } from './testing/trial-script.ts';

let sshd: LocalSshd;
let connection: Connection;
beforeAll(async () => {
  sshd = await startSshd();
  connection = await connect(sshd.options());
});
afterAll(async () => {
  connection.close();
  await sshd[Symbol.asyncDispose]();
});

describe('a deadline', () => {
  it('ends the whole process group on the host', async () => {
    const { script: endless, said } = talkative('sleep 600 & echo $!; wait', { timeoutMs: 500 });
    const error = await errorOf(connection.run(endless));
    expect(error.code).toBe('ssh-deadline');
    expect(error.message).toContain(`try a script on ${connection.label}: it did not end within 0.5 s`);
    expect(isRunning(await said)).toBe(false);
  });

  it('ends also what ignores TERM', async () => {
    const { script: stubborn, said } = talkative("trap '' TERM; echo $$; while :; do sleep 1; done", {
      timeoutMs: 500,
    });
    expect((await errorOf(connection.run(stubborn))).code).toBe('ssh-deadline');
    expect(isRunning(await said)).toBe(false);
  });

  it('leaves the connection fit for the next script', async () => {
    await errorOf(connection.run(script('sleep 600', { timeoutMs: 200 })));
    expect((await connection.run(script('exit 5'))).code).toBe(5);
  });
});

describe('an abort', () => {
  it('ends the process group on the host', async () => {
    const aborter = new AbortController();
    const { script: endless, said } = talkative('sleep 600 & echo $!; wait', { signal: aborter.signal });
    const running = errorOf(connection.run(endless));
    const pid = await said;
    aborter.abort();
    expect((await running).code).toBe('ssh-aborted');
    expect(isRunning(pid)).toBe(false);
  });

  it('right after the start ends what has just begun', async () => {
    const aborter = new AbortController();
    const { script: endless, said } = talkative('echo $$; exec sleep 600', { signal: aborter.signal });
    const running = errorOf(connection.run(endless));
    aborter.abort();
    expect((await running).code).toBe('ssh-aborted');
    expect(isRunning(await Promise.race([said, 0]))).toBe(false);
  });

  it('before the start sends nothing', async () => {
    expect((await errorOf(connection.run(script('exit 0', { signal: AbortSignal.abort() })))).code).toBe('ssh-aborted');
  });
});

describe('a lost connection', () => {
  /** Prints the pid of the sshd that serves the script: the parent of the shell around it. */
  const TELL_SERVER = 'cut -d" " -f4 /proc/$PPID/stat; read line';

  it('is told when the server dies in the middle, and from then on', async () => {
    await using link = await connect(sshd.options());
    const { script: endless, said } = talkative(TELL_SERVER, { stdin: new PassThrough() });
    const running = errorOf(link.run(endless));
    process.kill(await said, 'SIGKILL');
    expect((await running).message).toContain('the connection was lost');
    expect([(await running).code, (await errorOf(link.run(script('true')))).code]).toEqual(['ssh-lost', 'ssh-lost']);
  });

  it('is told when the network cuts it', async () => {
    const sockets: Socket[] = [];
    const relay = createServer((socket) => {
      sockets.push(socket.on('error', () => {}));
      socket.pipe(createConnection(sshd.port, '127.0.0.1').on('error', () => {})).pipe(socket);
    });
    const port = await listen(relay);
    const link = await connect(sshd.options({ port, knownHosts: `* ${sshd.hostKey('ed25519')}` }));
    const { script: endless, said } = talkative('echo $$; read line');
    const running = errorOf(link.run({ ...endless, stdin: new PassThrough() }));
    await said;
    for (const socket of sockets) socket.resetAndDestroy();
    expect((await running).code).toBe('ssh-lost');
    relay.close();
  });

  it('is told apart from a script that was killed on the host', async () => {
    const { script: endless, said } = talkative('echo $PPID; read line', { stdin: new PassThrough() });
    const running = errorOf(connection.run(endless));
    process.kill(-(await said), 'SIGKILL');
    expect((await running).code).toBe('ssh-killed');
    expect((await running).seen).toBe('it was ended by SIGKILL');
  });

  it('fails what runs when it is closed by us', async () => {
    const link = await connect(sshd.options());
    const { script: endless, said } = talkative('echo $$; read line', { stdin: new PassThrough() });
    const running = errorOf(link.run(endless));
    await said;
    link.close();
    expect((await running).message).toContain('it was closed by us');
  });
});
