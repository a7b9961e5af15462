import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decryptSops } from './decrypt.ts';
import { encryptSops } from './encrypt.ts';
import type { SopsFormat } from './sops-format.ts';
import { freshKey } from './testing/age-key.ts';
import { type SopsMap, type SopsNode, type SopsScalar, scalar } from './tree.ts';
import { emitYaml } from './yaml/emit-yaml.ts';
import { readYamlDocuments } from './yaml/read-yaml.ts';

const key = await freshKey();

async function throughSops(content: string, format: SopsFormat): Promise<string> {
  const encrypted = await encryptSops(Buffer.from(content), { format, recipients: [key.recipient] });
  return (await decryptSops(encrypted, [key.identity])).content.toString();
}

const runs = { numRuns: 60 };
/** Beside everything else, what formats trip over. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom('=', '#', ' ', '"', "'", '\\', '\\n', '\r', '\t', '$', ':', '-', '\u2028', 'é', '𝕏', 'x', '0'),
    )
    .map((parts) => parts.join('')),
);
const line = text.map((value) => value.replaceAll('\n', '')).filter((value) => value !== '');

test('a dotenv file of whatever values comes out as it went in', async () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,11}$/).filter((each) => !each.startsWith('sops_'));
  const entry = fc.oneof(
    fc
      .tuple(
        name,
        text.map((value) => value.replaceAll('\n', '')),
      )
      .map(([left, right]) => `${left}=${right}`),
    line.map((comment) => `#${comment}`),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(entry, { selector: (each) => (each.startsWith('#') ? {} : each.split('=')[0]) }),
      async (lines) => {
        const content = lines.map((each) => `${each}\n`).join('');
        expect(await throughSops(content, 'dotenv')).toBe(content);
      },
    ),
    runs,
  );
});

test('empty lines of a dotenv file go, as with SOPS, and a last line gets its end', async () => {
  expect(await throughSops('\nA=1\n\n\nB=2', 'dotenv')).toBe('A=1\nB=2\n');
});

test('a JSON file of whatever values says the same when it comes out', async () => {
  const values = fc.dictionary(
    fc.string().filter((name) => name !== 'sops'),
    fc.jsonValue(),
  );
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      const content = JSON.stringify(value);
      expect(JSON.parse(await throughSops(content, 'json'))).toEqual(JSON.parse(content));
    }),
    runs,
  );
});

const leaf: fc.Arbitrary<SopsScalar> = fc.oneof(
  text.map((value) => scalar('str', value)),
  fc.integer().map((value) => scalar('int', String(value))),
  fc.boolean().map((value) => scalar('bool', value ? 'True' : 'False')),
  fc.constant(scalar('null', '')),
);
const { map } = fc.letrec<{ map: SopsMap; node: SopsNode }>((tie) => ({
  map: fc.uniqueArray(fc.tuple(text, tie('node')), { maxLength: 4, selector: ([name]) => name }).map((entries) => ({
    kind: 'map' as const,
    entries: entries
      .filter(([name]) => name !== 'sops' && name !== '<<')
      .map(([name, value]) => ({ kind: 'entry' as const, key: name, at: { line: 1, column: 1 }, value })),
  })),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('map'),
    fc.array(tie('node'), { maxLength: 4 }).map((items) => ({ kind: 'list' as const, items })),
  ),
}));

/** The tree without the places of things. */
function shape(node: SopsNode): unknown {
  if (node.kind === 'scalar') return `${node.type} ${node.text}`;
  if (node.kind === 'list') return node.items.map((item) => (item.kind === 'comment' ? `#${item.text}` : shape(item)));
  return node.entries.map((each) => (each.kind === 'comment' ? `#${each.text}` : [each.key, shape(each.value)]));
}

test('YAML that is written of whatever tree reads as that tree', () => {
  fc.assert(
    fc.property(map, (tree) => {
      expect(readYamlDocuments(emitYaml([tree])).map(shape)).toEqual([shape(tree)]);
    }),
    { numRuns: 500 },
  );
});

test('a YAML file of whatever tree comes out as it went in', async () => {
  await fc.assert(
    fc.asyncProperty(map, async (tree) => {
      const content = emitYaml([tree]);
      expect(await throughSops(content, 'yaml')).toBe(content);
    }),
    runs,
  );
});

test('whatever bytes come out of a binary file as they went in', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1 }), async (bytes) => {
      const encrypted = await encryptSops(Buffer.from(bytes), { format: 'binary', recipients: [key.recipient] });
      expect((await decryptSops(encrypted, [key.identity])).content).toEqual(Buffer.from(bytes));
    }),
    runs,
  );
});
