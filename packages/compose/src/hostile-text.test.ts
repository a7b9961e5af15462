import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFolder } from '@gitops/repository';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadStack } from './load/index.ts';

const CANARY = `canary${randomBytes(8).toString('hex')}`;

let root: string;
let secret: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hostile-text-'));
  secret = join(root, 'outside', 'secret.env');
  await mkdir(join(root, 'outside'));
  await mkdir(join(root, 'tree/stack'), { recursive: true });
  await writeFile(secret, `A=${CANARY}\n`);
  await writeFile(join(root, 'tree/stack/a.env'), 'B=1\n');
});

afterAll(() => rm(root, { recursive: true }));

/** Files that mention a path of the host where Compose does not open it. */
const FILES = [
  'x-a: &a\n  env_file: SECRET\nservices:\n  web:\n    image: nginx\n    labels:\n      q: "z"\n',
  'services:\n  web:\n    image: nginx\n    labels:\n      # env_file: SECRET\n      q: |\n        env_file: SECRET\n',
  'services: { web: { image: nginx, labels: { q: "env_file: SECRET" } } }\n',
  "services:\n  web:\n    image: nginx\n    command: 'a\n      env_file: SECRET'\n    env_file: a.env\n",
];

const PIECES = [
  ...['\t', ' ', '\n', '\r', '\r\n', '\n    ', '\\\n', '\u00a0', '\u0085', '\u2028', '\uFEFF'],
  ...['#', ' #', '"', "'", ':', ': ', '- ', '? ', '|\n', '>-\n', '{', '}', '[', ']', ','],
  ...['&a ', '*a', '*a : ', '<<: *a', '!reset ', '!!binary ', '! ', '---\n', '%YAML 1.1\n', '$', '$$'],
];

const edit = fc.record({ at: fc.nat(400), gone: fc.nat(3), piece: fc.constantFrom('', ...PIECES) });

/** The file with a few pieces put in, in place of some of its characters. */
const texts = fc.tuple(fc.constantFrom(...FILES), fc.array(edit, { minLength: 1, maxLength: 4 })).map(([file, edits]) =>
  edits.reduce((text, { at, gone, piece }) => {
    const place = at % text.length;
    return text.slice(0, place) + piece + text.slice(place + gone);
  }, file),
);

test('whatever is done to a file, what is accepted leads Compose to nothing of the host', async () => {
  const view = await openFolder(join(root, 'tree'));
  await fc.assert(
    fc.asyncProperty(texts, async (text) => {
      await writeFile(join(root, 'tree/stack/compose.yaml'), text.replaceAll('SECRET', secret));
      const { findings } = await loadStack(view, 'shop', 'stack');
      fc.pre(findings.every(({ severity }) => severity !== 'error'));
      expect(await rendered()).not.toContain(CANARY);
    }),
    { numRuns: 15, maxSkipsPerRun: 1000 },
  );
});

function rendered(): Promise<string> {
  const folder = join(root, 'tree/stack');
  const words = ['compose', '-p', 'shop', '--project-directory', folder, '--env-file', '/dev/null'];
  return new Promise((resolve) => {
    execFile('docker', [...words, '-f', join(folder, 'compose.yaml'), 'config'], (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });
}
