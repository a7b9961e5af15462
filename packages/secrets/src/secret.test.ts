import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { Secret } from './secret.ts';

test('a secret shows itself to nobody who does not ask for it', () => {
  const secret = new Secret('planted');
  expect([`${secret}`, String(secret), JSON.stringify({ secret }), inspect({ secret })]).toEqual([
    '***',
    '***',
    '{"secret":"***"}',
    '{ secret: *** }',
  ]);
  expect(secret.reveal()).toBe('planted');
});
