import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { packTar, type TarEntry } from './tarball.ts';

const ENTRIES: readonly TarEntry[] = [
  { path: 'compose.yml', content: Buffer.from('services: {}\n'), mode: 0o644 },
  { path: 'bin/run', content: Buffer.from('#!/bin/sh\n'), mode: 0o755 },
  { path: 'secret', content: Buffer.from([0, 255, 10, 13]), mode: 0o600 },
  { path: 'empty', content: Buffer.alloc(0), mode: 0o644 },
  { path: `${'folder/'.repeat(30)}${'x'.repeat(180)}`, content: Buffer.from('deep'), mode: 0o644 },
  { path: `${'y'.repeat(140)}/${'z'.repeat(240)}`, content: Buffer.from('long'), mode: 0o644 },
  { path: 'größe/☃ und mehr.txt', content: Buffer.from('unicode'), mode: 0o644 },
  { path: 'large.bin', content: Buffer.alloc(3_000_001, 7), mode: 0o644 },
];

function unpacked(command: readonly string[], tar: Buffer): TarEntry[] {
  const folder = mkdtempSync(join(tmpdir(), 'tarball-'));
  const [program = '', ...args] = command;
  execFileSync(program, [...args, folder], { input: tar });
  const entries = ENTRIES.map(({ path }) => {
    const file = join(folder, path);
    return { path, content: readFileSync(file), mode: statSync(file).mode & 0o777 };
  });
  rmSync(folder, { recursive: true });
  return entries;
}

describe('packTar', () => {
  it.each([
    ['GNU tar', ['tar', '-xpf', '-', '-C']],
    ['busybox tar', ['/bin/busybox', 'tar', '-xpf', '-', '-C']],
  ])('is read by %s, with long names, unicode, modes and bytes kept', async (_, command) => {
    expect(unpacked(command, await buffer(packTar(ENTRIES)))).toEqual(ENTRIES);
  });

  it('gives the same bytes for the same entries', async () => {
    const first = await buffer(packTar(ENTRIES));
    expect(first.equals(await buffer(packTar(ENTRIES)))).toBe(true);
  });

  it.each(['/etc/passwd', '../up', 'a/../../b', 'a//b', ''])('refuses the path %j', (path) => {
    expect(() => packTar([{ path, content: Buffer.alloc(0), mode: 0o644 }])).toThrow(/pack/);
  });
});
