import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { Faults } from './faults.ts';
import { merge } from './merge.ts';
import { Origins } from './origins.ts';
import { check } from './testing/checked.ts';

const key = fc.oneof(
  fc.string(),
  fc.constantFrom(
    'services',
    'web',
    'image',
    'ports',
    'environment',
    'extends',
    'networks',
    'constructor',
    '__proto__',
    '<<',
  ),
);
const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('80:80', '${A:-b}', '$$', '2024-01-01', 'a'),
);
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(key, tie('tree'), { maxKeys: 5 }),
  ),
}));

test('checking never throws, whatever the files say', async () => {
  const text = fc.oneof(
    tree.map((value) => stringify(value)),
    tree.map((value) => stringify({ services: { web: value }, networks: value })),
    fc.string(),
    fc.stringMatching(/^(?:[a-c:\-{}[\]&*!|>'"#? \n]|services|<<){0,60}$/),
  );
  await fc.assert(
    fc.asyncProperty(text, text, async (main, override) => {
      const { findings } = await check({ 'compose.yaml': main, 'compose.override.yaml': override });
      expect(findings.every(({ message, remedy }) => message !== '' && remedy !== '')).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('merging with nothing changes nothing', () => {
  const faults = new Faults(new Origins(), 'compose.yaml');
  fc.assert(
    fc.property(
      fc.dictionary(
        key.filter((name) => name !== '__proto__'),
        tree,
        { maxKeys: 5 },
      ),
      (project) => {
        const plain = JSON.parse(JSON.stringify(project));
        expect(merge(plain, {}, [], faults)).toEqual(plain);
        expect(merge({}, plain, [], faults)).toEqual(plain);
      },
    ),
  );
});
