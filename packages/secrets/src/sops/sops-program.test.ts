import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { decryptSops } from './decrypt.ts';
import { encryptSops } from './encrypt.ts';
import { killGroup, sopsOnPath } from './run-sops.ts';
import { freshKey } from './testing/age-key.ts';
import { caught } from './testing/caught.ts';

/** Real sops can't be had everywhere these tests run: a script stands in for it that keeps to its words and exit codes. */

const key = await freshKey();
const folder = await mkdtemp(join(tmpdir(), 'sops-program-'));
afterAll(() => rm(folder, { recursive: true }));

const ENC = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]';
const PGP = `A=${ENC}\nB_unencrypted=x\nsops_pgp__list_0__map_fp=0\nsops_pgp__list_0__map_enc=x\nsops_lastmodified=x\nsops_mac=${ENC}\n`;

/** A program of that name with this body, in front of all others. */
async function program(body: string): Promise<NodeJS.ProcessEnv> {
  const bin = await mkdtemp(join(folder, 'bin-'));
  await writeFile(join(bin, 'sops'), `#!/bin/sh\n${body}\n`);
  await chmod(join(bin, 'sops'), 0o755);
  return { ...process.env, PATH: `${bin}:${process.env['PATH']}` };
}

test('a file of PGP is decrypted by the program, which is told its format', async () => {
  const said = join(folder, 'said');
  const env = await program(
    `echo "$1 $2 $3 $4 $5" >${said}; stat -c %a "$6" >>${said}; cp "$6" ${said}.file; printf 'A=one\\nB_unencrypted=x\\n'`,
  );
  const decrypted = await decryptSops(PGP, [], sopsOnPath(env));
  expect(decrypted.content.toString()).toBe('A=one\nB_unencrypted=x\n');
  expect(decrypted.values.map((value) => value.reveal())).toEqual(['one']);
  expect([...(decrypted.variables?.keys() ?? [])]).toEqual(['A', 'B_unencrypted']);
  expect(await readFile(said, 'utf8')).toBe('--decrypt --input-type dotenv --output-type dotenv\n600\n');
  expect(await readFile(`${said}.file`, 'utf8')).toBe(PGP);
});

test('keys reach the program by its environment, and no file is left', async () => {
  const said = join(folder, 'words');
  const env = await program(`echo "$*" >${said}; printf 'A=%s\\n' "$SOPS_AGE_KEY"`);
  const { content } = await decryptSops(PGP, [key.identity], sopsOnPath(env));
  const words = await readFile(said, 'utf8');
  expect(content.toString()).toBe(`A=${key.identity}\n`);
  expect(words).not.toContain(key.identity);
  await expect(readFile(words.trim().split(' ').at(-1) ?? '')).rejects.toThrow('ENOENT');
});

test.each([
  [51, 'sops-mac-mismatch', 'MAC'],
  [128, 'sops-wrong-key', 'could not open it with PGP'],
  [3, 'sops-unsupported', 'exit code 3'],
])('exit code %i of the program is told for what it is, and nothing that it says', async (exitCode, code, seen) => {
  const env = await program(`echo planted >&2; echo planted; exit ${exitCode}`);
  const error = await caught(() => decryptSops(PGP, [], sopsOnPath(env)));
  expect([error.code, error.seen]).toEqual([code, expect.stringContaining(seen)]);
  expect(error.stack).not.toContain('planted');
});

test('a program that does not end is killed, with what it has started', async () => {
  const pid = join(folder, 'pid');
  const env = await program(`sleep 1000 & echo $! >${pid}; wait`);
  const error = await caught(() => decryptSops(PGP, [], sopsOnPath(env, 300)));
  expect(error.seen).toContain('did not end in time');
  const state = await readFile(`/proc/${(await readFile(pid, 'utf8')).trim()}/stat`, 'utf8').catch(() => 'gone');
  expect(state).toMatch(/^gone$|\) Z /);
});

test('a program that has ended in the moment it was to be killed is none to complain of', async () => {
  const child = spawn('true', { detached: true });
  await once(child, 'close');
  expect(() => killGroup(child.pid)).not.toThrow();
});

test('without the program it says what to install, and which kind of key the file has', async () => {
  for (const runSops of [sopsOnPath({ PATH: folder }), undefined]) {
    const error = await caught(() => decryptSops(PGP, [key.identity], runSops));
    expect([error.code, error.seen, error.remedy]).toEqual([
      'sops-unsupported',
      'it is opened by PGP, which only the program `sops` can',
      expect.stringContaining('install sops'),
    ]);
  }
});

test('a file of age and PGP goes to the program only for those who have no key of age that fits', async () => {
  const text = await encryptSops(Buffer.from('A=age\n'), { format: 'dotenv', recipients: [key.recipient] });
  const mixed = `${text}sops_pgp__list_0__map_fp=0\nsops_pgp__list_0__map_enc=x\n`;
  const run = sopsOnPath(await program(`printf 'A=pgp\\n'`));
  expect((await decryptSops(mixed, [key.identity], run)).content.toString()).toBe('A=age\n');
  expect((await decryptSops(mixed, [], run)).content.toString()).toBe('A=pgp\n');
  const tampered = mixed.replace(/^A=.*/, 'A=evil');
  expect((await caught(() => decryptSops(tampered, [key.identity], run))).code).toBe('sops-not-encrypted');
});
