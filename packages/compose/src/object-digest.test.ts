import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileDigest, folderDigest } from './object-digest.ts';

interface File {
  readonly path: string;
  readonly executable: boolean;
  readonly content: Buffer;
}

const STATE = new URL('../../host/src/program/state.sh', import.meta.url).pathname;
const SHELLS: readonly (readonly string[])[] = [['sh'], ['dash'], ['bash'], ['busybox', 'sh']];

let root: string;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gitops-digest-'));
});

afterAll(() => rm(root, { recursive: true }));

/** Lays files down in a new folder as the host does: 0644, or 0755 for executables. */
async function layDown(files: readonly File[]): Promise<string> {
  count += 1;
  const folder = join(root, String(count));
  await mkdir(folder);
  for (const { path, executable, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
    await chmod(join(folder, path), executable ? 0o755 : 0o644);
  }
  return folder;
}

/** What the program on the host computes. */
function digestByHost([program = 'sh', ...args]: readonly string[], path: string): string {
  return execFileSync(program, [...args, '-c', `. "$1"; object_digest "$2"`, 'sh', STATE, path])
    .toString()
    .trim();
}

function file(path: string, content = path, executable = false): File {
  return { path, executable, content: Buffer.from(content) };
}

const FOLDERS: readonly (readonly [what: string, files: readonly File[]])[] = [
  ['one file', [file('default.conf', 'server {}')]],
  ['an empty file', [file('empty', '')]],
  ['subfolders', [file('b/c/d'), file('b/a'), file('a'), file('b.conf'), file('b-c/x')]],
  ['executables', [file('run.sh', '#!/bin/sh', true), file('lib/run.sh', '#!/bin/sh', true), file('lib/data')]],
  ['blanks in names', [file('two words'), file(' leading'), file('trailing '), file('sub folder/x y')]],
  ['letters of other languages', [file('größe'), file('日本/語'), file('Zebra'), file('äpfel'), file('a'), file('☃𝄞')]],
  ['names of odd signs', [file("it's"), file('"quoted"'), file('$HOME'), file('*'), file('-n'), file('a&b;c|d')]],
  [
    'capital and small letters',
    [file('B'), file('a'), file('A'), file('b'), file('_'), file('.hidden'), file('10'), file('9')],
  ],
  ['binary content', [{ path: 'x', executable: false, content: Buffer.from([0, 255, 10, 13, 0]) }]],
];

describe.each(SHELLS)('the host with %s %s', (...shell) => {
  it.each(FOLDERS)('knows a folder of %s by the same name as the runner', async (_, files) => {
    expect(digestByHost(shell, await layDown(files))).toBe(folderDigest(files));
  });

  it.each([
    ['a file', file('default.conf', 'server {}')],
    ['an executable', file('run.sh', '#!/bin/sh', true)],
    ['an empty file', file('empty', '')],
  ])('knows %s by the same name as the runner', async (_, each) => {
    expect(digestByHost(shell, join(await layDown([each]), each.path))).toBe(fileDigest(each));
  });
});

describe('the name of an object', () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9 .,;_é☃'"$-]{1,8}$/).filter((text) => !/^\.{1,2}$/.test(text));
  const content = fc.record({
    path: name,
    executable: fc.boolean(),
    content: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  });
  const files = fc.uniqueArray(content, { selector: ({ path }) => path, minLength: 1, maxLength: 6 });

  it('is the same on the host for every folder', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (each) => {
        expect(digestByHost(['sh'], await layDown(each))).toBe(folderDigest(each));
      }),
      { numRuns: 40 },
    );
  });

  it.each(['a\\b', 'a\nb'])(
    'is refused for a folder with the file %j, whose sum the host prints in another form',
    (path) => {
      expect(() => folderDigest([file(path)])).toThrow('backslash or a line break');
    },
  );

  it('does not depend on the order of files', () => {
    fc.assert(
      fc.property(files, (each) => {
        expect(folderDigest(each.toReversed())).toBe(folderDigest(each));
      }),
    );
  });

  it.each<[what: string, other: readonly File[]]>([
    ['content', [file('a', 'y'), file('b')]],
    ['name', [file('c', 'x'), file('b')]],
    ['executable bit', [file('a', 'x', true), file('b')]],
    ['number of files', [file('a', 'x')]],
  ])('changes with the %s', (_, other) => {
    expect(folderDigest(other)).not.toBe(folderDigest([file('a', 'x'), file('b')]));
  });

  it('of a file changes with its content and its executable bit', () => {
    expect(new Set([file('a', 'x'), file('a', 'y'), file('a', 'x', true)].map(fileDigest)).size).toBe(3);
  });
});
