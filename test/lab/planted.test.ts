import { expect, test } from 'vitest';
import { plant, refuseSecrets, SecretShown } from './planted.ts';

const secret = plant('planted in a test: "a/b"\nsecond line of it');

test.each([
  ['as it is', secret],
  ['in a line', 'second line of it'],
  ['in base64', Buffer.from(secret).toString('base64')],
  ['URL-encoded', encodeURIComponent('planted in a test: "a/b"')],
  ['in JSON', JSON.stringify({ secret })],
  ['in JSON within JSON', JSON.stringify(JSON.stringify({ secret }))],
])('a secret that is shown %s fails the test', (_, text) => {
  expect(() => refuseSecrets({ log: `before ${text} after` })).toThrow(SecretShown);
});

test('a secret that only one run was given counts for that run', () => {
  expect(() => refuseSecrets({ log: 'given to it' }, ['given to it'])).toThrow('a secret is shown in log');
  expect(() => refuseSecrets({ log: 'given to it' })).not.toThrow();
});
