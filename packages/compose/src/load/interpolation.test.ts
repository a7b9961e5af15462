import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interpolate } from './interpolation.ts';

const VARIABLES = { SET: 'value', EMPTY: '' };

const SAMPLES = [
  '$SET ${SET} ${SET:-d} ${SET-d} ${SET:?e} ${SET?e} ${SET:+x} ${SET+x}',
  '${NO:-d} ${NO-d} ${NO:+x} ${NO+x} ${NO:-}',
  '${EMPTY:-d} ${EMPTY-d} ${EMPTY?e} ${EMPTY:+x} ${EMPTY+x}',
  '$NO',
  '${NO} and ${OTHER}',
  '${NO:-${SET}} ${NO:-${OTHER:-deep}} ${NO-$OTHER}',
  '${SET:-$OTHER} ${SET:+$NO}',
  '${NO:?say why}',
  '${NO?}',
  '${EMPTY:?}',
  '$$SET $${SET} $$$SET',
  'a$ $1 $- $',
  '${NO:-a$$b}',
  '${NO:-{"x":1}} ${NO:-}} ${NO:-x}}',
  '${NO:-{}}',
  '${',
  '${}',
  '${1}',
  '${NO',
  '${NO:b}',
  '${NO/x}',
  '${A B}',
  '${NO:-${SET}',
  '$SET_2 $SETé $set',
  '${\u017f:-d} ${\u212a-d} $\u0130',
];

describe('as Compose itself does it', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gitops-interpolation-'));
    await writeFile(join(folder, '.env'), 'SET=value\nEMPTY=\n');
  });

  afterAll(() => rm(folder, { recursive: true }));

  test.concurrent.each(SAMPLES.map((sample, index) => [sample, index] as const))('%s', async (sample, index) => {
    const { text, unset, failed } = await compose(folder, `${index}.yaml`, sample);
    const { text: ours, faults } = interpolate(sample, VARIABLES);
    expect(faults.some(({ kind }) => kind !== 'unset')).toBe(failed);
    if (failed) return;
    expect(ours).toBe(text);
    expect([...new Set(faults.map(({ name }) => name))].sort()).toEqual(unset);
  });
});

async function compose(folder: string, name: string, sample: string) {
  const file = join(folder, name);
  await writeFile(file, JSON.stringify({ services: { web: { image: 'scratch', labels: { sample } } } }));
  const argv = ['compose', '--project-name', 'sample', '--file', file, 'config', '--format', 'json'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder };
  const { stdout, stderr, failed } = await new Promise<{ stdout: string; stderr: string; failed: boolean }>(
    (resolve) => {
      execFile('docker', argv, { env }, (error, stdout, stderr) => resolve({ stdout, stderr, failed: error !== null }));
    },
  );
  const unset = [...stderr.matchAll(/The \\"(\w+)\\" variable is not set/g)].flatMap(([, variable]) => variable ?? []);
  const [, written = '""'] = /"sample": ("(?:[^"\\]|\\.)*")/.exec(stdout) ?? [];
  // `config` writes each dollar sign twice, so that its output can be read again.
  const text = String(JSON.parse(written)).replaceAll('$$', '$');
  return { text, unset: [...new Set(unset)].sort(), failed };
}

test('a text without dollar sign stays as it is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).map((text) => text.replaceAll('$', '')),
      (text) => {
        expect(interpolate(text, VARIABLES)).toEqual({ text, faults: [] });
      },
    ),
  );
});

test('a text with every dollar sign doubled comes out as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'A', ':', '-') }), (text) => {
      expect(interpolate(text.replaceAll('$', '$$$$'), {})).toEqual({ text, faults: [] });
    }),
  );
});

test('a name such as constructor is no variable', () => {
  expect(interpolate('$constructor', {}).faults).toEqual([
    { kind: 'unset', name: 'constructor', written: '$constructor' },
  ]);
});
