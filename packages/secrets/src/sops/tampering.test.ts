import { expect, test } from 'vitest';
import { decryptSops } from './decrypt.ts';
import { encryptSops } from './encrypt.ts';
import { freshKey } from './testing/age-key.ts';
import { caught } from './testing/caught.ts';
import { cipherOf, lineOf, sealedFile, withValue } from './testing/sealed-file.ts';
import { TAMPERINGS } from './testing/tamperings.ts';

const key = await freshKey();
const other = await freshKey();
const files = await Promise.all((['dotenv', 'yaml', 'json'] as const).map((format) => sealedFile(format, key)));

for (const file of files) {
  const possible = TAMPERINGS.filter(({ in: formats }) => !formats || formats.includes(file.format));
  test.each(possible)(`in a ${file.format} file it is noticed that $what`, async ({ as, by }) => {
    const tampered = by(file);
    expect(tampered).not.toBe(file.text);
    const error = await caught(() => decryptSops(tampered, [key.identity]));
    expect(error.code).toBe(as);
  });

  test(`of a ${file.format} file it is noticed that its data key was replaced`, async () => {
    const wrapped = /-----BEGIN[\s\S]*?END AGE ENCRYPTED FILE-----/;
    const tampered = file.text.replace(wrapped, wrapped.exec(file.foreign)?.[0] ?? '');
    expect((await caught(() => decryptSops(tampered, [key.identity]))).code).toBe('sops-damaged');
  });

  test(`of a ${file.format} file it is noticed that its data key was damaged`, async () => {
    const tampered = file.text.replace('-----BEGIN AGE', '-----BEGIN EGA');
    const error = await caught(() => decryptSops(tampered, [key.identity]));
    expect([error.code, error.seen]).toEqual(['sops-damaged', `the data key for \`${key.recipient}\` was changed`]);
  });

  test(`a ${file.format} file with the markers of a merge conflict is not guessed at`, async () => {
    const first = `${lineOf(file.text, 'first')}\n`;
    const conflict = file.text.replace(
      first,
      () => `<<<<<<< HEAD\n${first}=======\n${lineOf(file.older, 'first')}\n>>>>>>> theirs\n`,
    );
    const error = await caught(() => decryptSops(conflict, [key.identity]));
    expect([error.code, error.remedy]).toEqual(['sops-damaged', expect.stringContaining('do not resolve it by hand')]);
    expect(error.position?.line).toBe(conflict.split('\n').indexOf('<<<<<<< HEAD') + 1);
  });
}

test('of a binary file it is noticed that its content is that of an older version, and that its MAC is', async () => {
  const target = { format: 'binary', recipients: [key.recipient] } as const;
  const [text, foreign] = await Promise.all([
    encryptSops(Buffer.from('new'), target),
    encryptSops(Buffer.from('old'), target),
  ]);
  for (const name of ['data', 'mac']) {
    const error = await caught(() => decryptSops(withValue(text, name, cipherOf(foreign, name)), [key.identity]));
    expect(error.code).toBe(name === 'data' ? 'sops-damaged' : 'sops-mac-mismatch');
  }
});

test('no error tells a value, a ciphertext or a key', async () => {
  const [dotenv] = files;
  if (!dotenv) throw new Error('there is no dotenv file');
  const attempts = TAMPERINGS.map(({ by }) => by).map((by) => caught(() => decryptSops(by(dotenv), [key.identity])));
  const errors = await Promise.all([
    ...attempts.map((attempt) => attempt.catch(() => undefined)),
    caught(() => decryptSops(dotenv.text, [other.identity])),
    caught(() => decryptSops(dotenv.text, [`${key.identity}x`])),
    caught(() => decryptSops(dotenv.text, [key.identity.slice(0, -1)])),
  ]);
  const told = errors.map((error) => `${error?.stack} ${error?.cause ?? ''}`).join('\n');
  for (const secret of ['evil', 'ENC[', key.identity.slice(15, 30), other.identity.slice(15, 30)])
    expect(told).not.toContain(secret);
});
