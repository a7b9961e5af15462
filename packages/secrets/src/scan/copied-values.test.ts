import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Secret } from '../secret.ts';
import { copiedValueFindings } from './copied-values.ts';

const SOURCE = 'environments/production/.env.encrypted';
const VALUE = 'q8Zk3vN1xW7tB5mR';

function found(text: string | Buffer, name = 'DB_PASSWORD', value = VALUE, path = 'notes.md') {
  const values = [{ name, file: SOURCE, value: new Secret(value) }];
  return copiedValueFindings(values, [{ path, content: Buffer.from(text) }]).map(
    ({ severity, file, line, column, message }) => `${severity} ${file}:${line}:${column} ${message}`,
  );
}

test('a decrypted value that is written somewhere is found at its place', () => {
  expect(found(`# notes\nü the password: ${VALUE}!\nagain ${VALUE}\n`)).toEqual([
    `warning notes.md:2:17 the decrypted value of \`DB_PASSWORD\` (${SOURCE}) is written here in clear, and in this file 2 times`,
  ]);
});

test.each([
  ['base64', Buffer.from(VALUE).toString('base64')],
  ['base64 behind one letter', Buffer.from(`:${VALUE}`).toString('base64')],
  ['base64 behind a user', Buffer.from(`user1:${VALUE}`).toString('base64')],
  ['base64 before more', Buffer.from(`ab${VALUE} and more`).toString('base64')],
])('a value is found in %s', (_, encoded) => {
  expect(found(`auth: ${encoded}`)).toEqual([expect.stringContaining('is written here encoded')]);
});

test('a value is found in an address, and each line of one of several', () => {
  expect(found('p%40ss%2Fw%C3%B6rd', 'DB_PASSWORD', 'p@ss/wörd')).toHaveLength(1);
  expect(found('x second-line-of-it y', 'CERTIFICATE', 'first line\nsecond-line-of-it')).toHaveLength(1);
});

test('binary and large files are searched too', () => {
  expect(found(Buffer.concat([Buffer.alloc(9_000_000), Buffer.from(VALUE), Buffer.alloc(4)]))).toHaveLength(1);
});

test('the encrypted file itself is left alone', () => {
  expect(found(VALUE, 'DB_PASSWORD', VALUE, SOURCE)).toEqual([]);
});

test.each([
  ['SMTP_HOST', 'mail.example.com'],
  ['TZ', 'Europe/Berlin'],
  ['DB_NAME', 'application'],
  ['ADMIN', 'me@example.com'],
  ['DB_PASSWORD', 'changeme-now'],
  ['DB_PASSWORD', 'short12'],
])('%s=%s could be written anywhere, and is not looked for', (name, value) => {
  expect(found(`x ${value} x`, name, value)).toEqual([]);
});

test('no finding repeats a value', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9!#%&+=?@^~-]{10,40}$/), (value) => {
      for (const form of [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)]) {
        expect(JSON.stringify(found(`x ${form} y`, 'DB_PASSWORD', value))).not.toContain(value);
      }
    }),
  );
});
