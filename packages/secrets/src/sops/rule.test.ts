import { expect, test } from 'vitest';
import { isRuledEncrypted, type SopsRule } from './rule.ts';

const leaf = { path: ['data', 0, 'password'], comments: [[], [], []], isComment: false };

const rules: readonly (readonly [string, Partial<SopsRule>, boolean])[] = [
  ['no rule', {}, true],
  ['a suffix of another name', { unencryptedSuffix: '_unencrypted' }, true],
  ['a suffix of its name to leave out', { unencryptedSuffix: 'word' }, false],
  ['a suffix of what it stands in to leave out', { unencryptedSuffix: 'ta' }, false],
  ['a suffix to encrypt', { encryptedSuffix: 'word' }, true],
  ['a suffix of another name to encrypt', { encryptedSuffix: '_secret' }, false],
  ['an expression to leave out', { unencryptedRegex: '^pass' }, false],
  ['an expression to encrypt', { encryptedRegex: '^(data|stringData)$' }, true],
  ['an expression of another name to encrypt', { encryptedRegex: '^token$' }, false],
  ['an expression with Go flags', { encryptedRegex: '(?i)^PASSWORD$' }, true],
  ['an expression that an index would fit', { encryptedRegex: '^0$' }, false],
];

test.each(rules)('with %s a value is encrypted or not', (_, rule, expected) => {
  expect(isRuledEncrypted({ ...rule, macOnlyEncrypted: false }, leaf)).toBe(expected);
});

test('comments may ask for encryption, of all that stands below them and of the comments after them', () => {
  const rule = { encryptedCommentRegex: 'sops:enc', macOnlyEncrypted: false };
  const value = (comments: readonly (readonly string[])[], isComment = false) =>
    isRuledEncrypted(rule, { path: ['a'], comments, isComment });
  expect(value([['sops:enc']])).toBe(true);
  expect(value([['sops:enc'], []])).toBe(true);
  expect(value([[], ['other']])).toBe(false);
  expect(value([['sops:enc']], true)).toBe(false);
  expect(value([['sops:enc', 'more']], true)).toBe(true);
});

test('comments may ask for none', () => {
  const rule = { unencryptedCommentRegex: 'public', macOnlyEncrypted: false };
  expect(isRuledEncrypted(rule, { path: ['a'], comments: [['public']], isComment: false })).toBe(false);
  expect(isRuledEncrypted(rule, { path: ['a'], comments: [['x']], isComment: false })).toBe(true);
});
