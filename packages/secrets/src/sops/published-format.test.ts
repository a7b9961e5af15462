import { createDecipheriv, createHash } from 'node:crypto';
import { armor, Decrypter } from 'age-encryption';
import { expect, test } from 'vitest';
import { encryptSops } from './encrypt.ts';
import { freshKey } from './testing/age-key.ts';
import { cipherOf } from './testing/sealed-file.ts';

/** Files are taken apart here by what SOPS publishes of its format, not by the code that reads them. */

const key = await freshKey();
const now = new Date('2026-03-04T05:06:07.890Z');

async function dataKeyOf(wrapped: string): Promise<Uint8Array> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(key.identity);
  return decrypter.decrypt(armor.decode(wrapped));
}

function opened(cipher: string, dataKey: Uint8Array, place: string): string {
  const [, data = '', iv = '', tag = ''] = /data:(.*),iv:(.*),tag:(.*),type/.exec(cipher) ?? [];
  expect([Buffer.from(iv, 'base64').length, Buffer.from(tag, 'base64').length]).toEqual([32, 16]);
  const decipher = createDecipheriv('aes-256-gcm', dataKey, Buffer.from(iv, 'base64'));
  decipher.setAAD(Buffer.from(place)).setAuthTag(Buffer.from(tag, 'base64'));
  return `${decipher.update(data, 'base64', 'utf8')}${decipher.final('utf8')}`;
}

function sha512(text: string): string {
  return createHash('sha512').update(text).digest('hex').toUpperCase();
}

test('a dotenv file is the lines that SOPS writes, in its order', async () => {
  const content = Buffer.from('#note\nA=one\nEMPTY=\nB_unencrypted=two\n');
  const text = await encryptSops(content, { format: 'dotenv', recipients: [key.recipient] }, now);
  const wrapped = /map_enc=(.*)\n/.exec(text)?.[1] ?? '';
  expect(text.replace(wrapped, '<data key>').replace(/data:[^,]*,iv:[^,]*,tag:[^,]*/g, '<…>')).toBe(
    [
      '#ENC[AES256_GCM,<…>,type:comment]',
      'A=ENC[AES256_GCM,<…>,type:str]',
      'EMPTY=',
      'B_unencrypted=two',
      'sops_age__list_0__map_enc=<data key>',
      `sops_age__list_0__map_recipient=${key.recipient}`,
      'sops_lastmodified=2026-03-04T05:06:07Z',
      'sops_mac=ENC[AES256_GCM,<…>,type:str]',
      'sops_unencrypted_suffix=_unencrypted',
      'sops_version=3.13.1',
      '',
    ].join('\n'),
  );
  const dataKey = await dataKeyOf(wrapped.replaceAll('\\n', '\n'));
  expect(dataKey).toHaveLength(32);
  expect(opened(cipherOf(text, 'A'), dataKey, 'A:')).toBe('one');
  expect(opened(/ENC.*/.exec(text)?.[0] ?? '', dataKey, ':')).toBe('note');
  expect(opened(cipherOf(text, 'mac'), dataKey, '2026-03-04T05:06:07Z')).toBe(sha512('onetwo'));
});

test('a YAML file is the text that SOPS writes: four spaces, its part last, types told', async () => {
  const content = Buffer.from('a:\n  - true\n  - b: 1.50\nwhen: 2024-05-06\n');
  const text = await encryptSops(content, { format: 'yaml', recipients: [key.recipient] }, now);
  const wrapped = /-----BEGIN[\s\S]*END AGE ENCRYPTED FILE-----/.exec(text)?.[0] ?? '';
  expect(text.replace(wrapped, '<data key>').replace(/data:[^,]*,iv:[^,]*,tag:[^,]*/g, '<…>')).toBe(
    [
      'a:',
      '    - ENC[AES256_GCM,<…>,type:bool]',
      '    - b: ENC[AES256_GCM,<…>,type:float]',
      'when: ENC[AES256_GCM,<…>,type:time]',
      'sops:',
      '    age:',
      '        - enc: |',
      '            <data key>',
      `          recipient: ${key.recipient}`,
      '    lastmodified: "2026-03-04T05:06:07Z"',
      '    mac: ENC[AES256_GCM,<…>,type:str]',
      '    unencrypted_suffix: _unencrypted',
      '    version: 3.13.1',
      '',
    ].join('\n'),
  );
  const dataKey = await dataKeyOf(wrapped.replaceAll(/^ +/gm, ''));
  const [first = '', second = '', third = ''] = text.match(/ENC\[.*?\]/g) ?? [];
  const plain = [opened(first, dataKey, 'a:'), opened(second, dataKey, 'a:b:'), opened(third, dataKey, 'when:')];
  expect(plain).toEqual(['True', '1.5', '2024-05-06T00:00:00Z']);
  expect(opened(cipherOf(text, 'mac'), dataKey, '2026-03-04T05:06:07Z')).toBe(sha512(plain.join('')));
});

test('a MAC of encrypted values alone begins with what keeps it from passing for another', async () => {
  const rule = { encryptedRegex: '^secret', macOnlyEncrypted: true };
  const content = Buffer.from('open: 1\nsecret: 2\n');
  const yaml = await encryptSops(content, { format: 'yaml', recipients: [key.recipient], rule }, now);
  const dataKey = await dataKeyOf((/-----BEGIN[\s\S]*END AGE.*/.exec(yaml)?.[0] ?? '').replaceAll(/^ +/gm, ''));
  const seeded = createHash('sha512').update(createHash('sha256').update('sops').digest()).update('2');
  expect(opened(cipherOf(yaml, 'mac'), dataKey, '2026-03-04T05:06:07Z')).toBe(seeded.digest('hex').toUpperCase());
  expect(yaml).toMatch(
    / {4}encrypted_regex: \^secret\n {4}lastmodified: .*\n {4}mac: .*\n {4}mac_only_encrypted: true\n {4}version: /,
  );
});
