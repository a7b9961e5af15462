import { expect, test } from 'vitest';
import { sopsFindings } from '../../scan/sops-findings.ts';
import { decryptSops } from '../decrypt.ts';
import { encryptSops } from '../encrypt.ts';
import { freshKey, freshPostQuantumKey } from '../testing/age-key.ts';
import { caught } from '../testing/caught.ts';

test('a post-quantum key reads the same in every message', async () => {
  const [{ recipient }, stranger] = await Promise.all([freshPostQuantumKey(), freshKey()]);
  const text = await encryptSops(Buffer.from('A=1\n'), { format: 'dotenv', recipients: [recipient] });
  const files = ['staging', 'production'].map((name) => `environments/${name}/.env.encrypted`);
  const [shared] = sopsFindings(
    files.map((path) => ({ path, content: Buffer.from(text) })),
    { environments: ['staging', 'production'], sharedRecipients: [], rotateAfterMs: Number.MAX_VALUE, now: new Date() },
  );
  const told = `\`${recipient.slice(0, 24)}…${recipient.slice(-8)}\``;
  expect(shared?.message).toContain(`the key ${told} opens`);
  expect((await caught(() => decryptSops(text, [stranger.identity]))).seen).toContain(`its recipients are ${told}`);
});
