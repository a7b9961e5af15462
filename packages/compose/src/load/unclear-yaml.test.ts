import { parseYamlFile } from '@gitops/core';
import { describe, expect, test } from 'vitest';
import { unclearYaml } from './unclear-yaml.ts';

function places(text: string): string[] {
  return unclearYaml(parseYamlFile('compose.yaml', text)).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

describe('a Compose file is clear with', () => {
  test.each([
    ['the tags of Compose and plain ones', 'a: !reset null\nb: !override [x]\nc: !!str 1\nd: !!int "1"\n'],
    ['line breaks of Windows, tabs and other alphabets', 'a: "é \u{1F600}\t中"\r\nb: 1\r\n'],
    ['a byte order mark at its beginning', '\uFEFFa: 1\n'],
    ['aliases as values', 'a: &a { x: 1 }\nb: *a\nc: [*a, *a]\nd: { e: *a, f: 1 }\ng:\n  <<: *a\n  h: *a\n'],
    ['what only looks like a tag or a directive', 'a: "!x"\nb: |\n  %YAML 1.1\n  !x *a : b\nc: a!b # !x\nd: "%TAG"\n'],
    ['escapes in quotes', 'a: "\\u2028 \\r \\uFEFF"\n'],
  ])('%s', (_, text) => {
    expect(places(text)).toEqual([]);
  });
});

describe('a Compose file is unclear with', () => {
  test.each<[what: string, text: string, place: string]>([
    ['a tag of its own', 'a: 1\nb: !x 1\n', '2:4'],
    ['a tag on a key', 'a: 1\n!!binary YQ==: 1\n', '2:1'],
    ['a tag written out', 'a: !<tag:yaml.org,2002:binary> YQ==\n', '1:4'],
    ['a directive', '%TAG ! tag:yaml.org,2002:\n---\na: 1\n', '1:1'],
    ['an alias as a key', 'a: &a b\n*a : 1\n', '2:1'],
    ['an alias as a key in braces', 'a: &a b\nc: { *a : 1 }\n', '2:6'],
    ['a lone carriage return', 'a: 1 # x\rb: 2\n', '1:9'],
    ['a control character', 'a: "\u0000"\n', '1:5'],
    ['another coding', '\uFFFD\uFFFDa\u0000', '1:1'],
  ])('%s', (_, text, place) => {
    expect(places(text).map((line) => line.split(' ')[0])).toEqual([place]);
  });
});
