import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { type LocalSshd, startSshd } from './testing/local-sshd.ts';
import { errorOf, script } from './testing/trial-script.ts';

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

describe('a process that is talked with', () => {
  it('answers line by line and ends with its input', async () => {
    const process = await connection.open(script('while read -r line; do echo "got $line"; done; exit 6'));
    const answers = process.lines[Symbol.asyncIterator]();
    process.write('one');
    expect((await answers.next()).value).toBe('got one');
    process.write('two ☃');
    expect((await answers.next()).value).toBe('got two ☃');
    process.end();
    expect([await answers.next(), (await process.done).code]).toEqual([{ done: true, value: undefined }, 6]);
  });

  it('lets a loop over its lines be left and entered again', async () => {
    const process = await connection.open(script('printf "1\\n2\\n3"'));
    const seen: string[] = [];
    for await (const line of process.lines) {
      seen.push(line);
      break;
    }
    for await (const line of process.lines) seen.push(line);
    expect(seen).toEqual(['1', '2', '3']);
  });

  it('gets its first input with the start, and takes more', async () => {
    const process = await connection.open(script('cat', { stdin: 'first\n', collect: true }));
    process.write('second');
    process.end();
    expect((await process.done).stdout.toString()).toBe('first\nsecond\n');
  });

  it('needs no deadline', async () => {
    const process = await connection.open(script('cat', { timeoutMs: Number.POSITIVE_INFINITY }));
    process.end();
    expect((await process.done).code).toBe(0);
  });

  it('throws out of its lines what ended it, and needs nobody to wait for it', async () => {
    const process = await connection.open(script('echo one; sleep 600', { timeoutMs: 500 }));
    const seen: string[] = [];
    const read = async () => {
      for await (const line of process.lines) seen.push(line);
    };
    expect([(await errorOf(read())).code, seen]).toEqual(['ssh-deadline', ['one']]);
  });

  it('takes writing after its end without harm', async () => {
    const process = await connection.open(script('exit 0'));
    await process.done;
    process.write('late');
    process.end();
    expect((await connection.run(script('exit 2'))).code).toBe(2);
  });

  it('fails to open when it cannot start', async () => {
    expect((await errorOf(connection.open(script('exit 0', { signal: AbortSignal.abort() })))).code).toBe(
      'ssh-aborted',
    );
  });
});
