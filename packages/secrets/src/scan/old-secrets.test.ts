import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { encryptSops, reencryptSops } from '../sops/encrypt.ts';
import { dataKeySince } from './old-secrets.ts';

const at = (day: string) => new Date(`${day}T00:00:00Z`);

test('a data key is as old as the encrypted copies of it', async () => {
  const identity = await generateX25519Identity();
  const target = { format: 'dotenv', recipients: [await identityToRecipient(identity)] } as const;
  const before = await encryptSops(Buffer.from('A=1\n'), target);
  const rotated = await encryptSops(Buffer.from('A=2\n'), target);
  const edited = await reencryptSops(rotated, Buffer.from('A=3\n'), [identity]);
  const versions = [
    { text: edited, committedAt: at('2026-03-03') },
    { text: rotated, committedAt: at('2026-02-02') },
    { text: before, committedAt: at('2026-01-01') },
  ];
  expect(dataKeySince(versions)).toEqual(at('2026-02-02'));
  expect(dataKeySince(versions.slice(1))).toEqual(at('2026-02-02'));
  expect(dataKeySince([{ text: 'A=1\n', committedAt: at('2026-03-03') }])).toBeUndefined();
  expect(dataKeySince([])).toBeUndefined();
});
