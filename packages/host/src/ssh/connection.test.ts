import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { type LocalSshd, startSshd } from './testing/local-sshd.ts';
import { errorOf, isRunning, script } from './testing/trial-script.ts';

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

describe('a script', () => {
  it.each([0, 1, 127, 255])('ends with its exit code, %i', async (code) => {
    expect((await connection.run(script(`exit ${code}`))).code).toBe(code);
  });

  it('gets its arguments as they are', async () => {
    const args = ['', '-n', "it's", 'a\nb', '$HOME `id` "x"', 'ünï'];
    const { stdout } = await connection.run(script('for arg do printf "%s\\0" "$arg"; done', { args }));
    expect(stdout.toString().split('\0').slice(0, -1)).toEqual(args);
  });

  it('writes any bytes, with no line break added or needed', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const octal = [...bytes].map((byte) => `\\0${byte.toString(8)}`).join('');
    const { stdout } = await connection.run(script('printf %b "$1"', { args: [octal] }));
    expect(stdout.equals(bytes)).toBe(true);
  });

  it('keeps standard error apart', async () => {
    const result = await connection.run(script('echo out; echo err >&2; exit 3'));
    expect(result).toEqual({ code: 3, stdout: Buffer.from('out\n'), stderr: 'err\n' });
  });

  it.each([
    ['bytes', (bytes: Buffer) => bytes],
    ['a stream', (bytes: Buffer) => Readable.from([bytes.subarray(0, 1_000_000), bytes.subarray(1_000_000)])],
  ])('reads 5 MB of %s and writes them back', async (_, stdin) => {
    const bytes = Buffer.alloc(5_000_000, 'abcdefg\n\0');
    const { stdout } = await connection.run(script('cat', { stdin: stdin(bytes) }));
    expect(stdout.equals(bytes)).toBe(true);
  });

  it('may leave its input unread', async () => {
    expect((await connection.run(script('exit 4', { stdin: Buffer.alloc(5_000_000) }))).code).toBe(4);
  });

  it('fails with the cause when its input stream breaks', async () => {
    const stdin = new Readable({ read: (): void => void stdin.destroy(new Error('disk gone')) });
    const error = await errorOf(connection.run(script('cat', { stdin })));
    expect([error.code, error.seen]).toEqual(['ssh-input', 'its input could not be read: disk gone']);
  });

  it('ends although a process it left behind holds its output open', async () => {
    const { stdout } = await connection.run(script('sleep 600 & echo $!', { timeoutMs: 5_000 }));
    const pid = Number(stdout.toString());
    expect(isRunning(pid)).toBe(true);
    process.kill(pid);
  });

  it('is streamed and not kept when asked', async () => {
    const chunks: Buffer[] = [];
    const { stdout } = await connection.run(
      script('echo hi', { collect: false, onStdout: (chunk) => chunks.push(chunk) }),
    );
    expect([stdout.length, Buffer.concat(chunks).toString()]).toEqual([0, 'hi\n']);
  });

  it('of 100 KB is sent, and one that no host takes is refused before', async () => {
    const long = (sizeBytes: number) => script(`: ${'x'.repeat(sizeBytes)}`);
    expect((await connection.run(long(100_000))).code).toBe(0);
    expect((await errorOf(connection.run(long(131_072)))).code).toBe('ssh-command-size');
  });

  it('runs beside others on the same connection', async () => {
    const results = await Promise.all([1, 2, 3, 4, 5].map((code) => connection.run(script(`exit ${code}`))));
    expect(results.map((result) => result.code)).toEqual([1, 2, 3, 4, 5]);
  });

  it('that the host has no session for says so', async () => {
    await using poor = await startSshd({ config: ['MaxSessions 1'] });
    await using narrow = await connect(poor.options());
    const first = await narrow.open(script('cat'));
    const error = await errorOf(narrow.run(script('true')));
    first.end();
    expect([error.code, (await first.done).code]).toEqual(['ssh-channel', 0]);
  });
});
