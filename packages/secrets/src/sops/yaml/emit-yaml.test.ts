import { expect, test } from 'vitest';
import { entry, type SopsComment, type SopsMap, type SopsNode, scalar } from '../tree.ts';
import { emitYaml } from './emit-yaml.ts';
import { readYamlDocuments } from './read-yaml.ts';

function ofText(text: string): string {
  return emitYaml([{ kind: 'map', entries: [entry('k', scalar('str', text))] }]).slice(3, -1);
}

/** What Go's yaml.v3 writes for a text in a map, indented by four: measured. */
const MEASURED = [
  ['plain', 'plain'],
  ['two words', 'two words'],
  ['', '""'],
  ['true', '"true"'],
  ['null', '"null"'],
  ['y', '"y"'],
  ['12', '"12"'],
  ['12:30', '"12:30"'],
  ['2024-05-06', '"2024-05-06"'],
  ['1.2.3', '1.2.3'],
  ['<<', '!!merge <<'],
  ['a: b', "'a: b'"],
  ['a:b', 'a:b'],
  ['a #b', "'a #b'"],
  ['a#b', 'a#b'],
  ['- a', "'- a'"],
  ['-a', '-a'],
  ['?a', '?a'],
  ["it's", "it's"],
  ["'quoted'", "'''quoted'''"],
  ['"quoted"', `'"quoted"'`],
  [' edge ', "' edge '"],
  ['a\tb', '"a\\tb"'],
  ['\\n', '\\n'],
  ['a\rb', '"a\\rb"'],
  ['\u0085', '"\\N"'],
  ['\u0001', '"\\x01"'],
  ['é', 'é'],
  ['𝕏', '"\\U0001D54F"'],
  ['a\nb', '|-\n    a\n    b'],
  ['a\n', '|\n    a'],
  ['a\n\n', '|+\n    a\n'],
  ['a\n\nb', '|-\n    a\n\n    b'],
  [' a\nb', '|4-\n     a\n    b'],
  ['a \nb', '"a \\nb"'],
  ['a\nb ', '"a\\nb "'],
  ['---', "'---'"],
  ['ENC[AES256_GCM,data:aa==,type:str]', 'ENC[AES256_GCM,data:aa==,type:str]'],
] as const;

test.each(MEASURED)('%j is written as Go writes it', (text, expected) => {
  expect(ofText(text)).toBe(expected);
});

test.each(['\nfoo', '\t\nfoo', '\n'])('%j, which Go would lose the beginning of, is quoted', (text) => {
  expect(ofText(text)).toBe(JSON.stringify(text));
});

test.each([
  ['1000000', '1e+06'],
  ['999999', '999999'],
  ['0.0001', '0.0001'],
  ['0.00001', '1e-05'],
  ['-0', '-0'],
  ['+Inf', '.inf'],
  ['NaN', '.nan'],
])('the float %s is written as Go writes it', (text, expected) => {
  expect(emitYaml([{ kind: 'map', entries: [entry('k', scalar('float', text))] }])).toBe(`k: ${expected}\n`);
});

const comment = (text: string, isInline?: true): SopsComment => ({
  kind: 'comment',
  text,
  at: { line: 1, column: 1 },
  ...(isInline && { isInline }),
});
const list = (...items: (SopsNode | SopsComment)[]): SopsNode => ({ kind: 'list', items });
const map = (...entries: SopsMap['entries']): SopsMap => ({ kind: 'map', entries });
const text = (value: string) => scalar('str', value);

test('maps, lists and comments stand where Go puts them', () => {
  const document = map(
    comment(' top'),
    entry(
      'a',
      map(
        comment(' in a'),
        entry('deep', list(text('x'), comment(' above'), map(entry('b', text('1\n2')), entry('c', text('z'))))),
      ),
    ),
    comment(' why', true),
    entry('port', scalar('int', '80')),
    entry('rows', list(list(text('p'), text('q')), list())),
    entry('none', map()),
    comment(' end'),
  );
  expect(emitYaml([document, map(entry('second', text('document')))])).toBe(
    [
      '# top',
      'a:',
      '    # in a',
      '    deep:',
      '        - x',
      '        # above',
      '        - b: |-',
      '            1',
      '            2',
      '          c: z',
      'port: 80 # why',
      'rows:',
      '    - - p',
      '      - q',
      '    - []',
      'none: {}',
      '# end',
      '---',
      'second: document',
      '',
    ].join('\n'),
  );
});

test('a comment belongs to what it is indented for, and one behind a value stays behind it', () => {
  const source =
    'a:\n    b:\n        - 1\n        # in b\n    # in a\n# outside\nc: 2 # why\nd: |- # block\n    x\n    y\n';
  expect(emitYaml(readYamlDocuments(source))).toBe(source);
});

test('anchors are written out', () => {
  const source = 'base: &base\n  a: 1\nuse:\n  b: *base\n';
  expect(emitYaml(readYamlDocuments(source))).toBe('base:\n    a: 1\nuse:\n    b:\n        a: 1\n');
});
