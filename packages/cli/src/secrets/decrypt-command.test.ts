import { chmod, stat, symlink } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { freshKey } from '../../../secrets/src/sops/testing/age-key.ts';
import { decryptCommand } from './decrypt-command.ts';
import { SecretsFolder } from './testing/secrets-folder.ts';

const key = await freshKey();

test('a file is printed as it was before it was encrypted', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.encrypted('.env.encrypted', '# note\nA=b $c\n');
  expect(await decryptCommand(file, {}, folder.screen, folder.env)).toBe(0);
  expect(folder.printed).toBe('# note\nA=b $c\n');
});

test('a file is written for its owner alone where git passes it over', async () => {
  await using folder = await SecretsFolder.make(key);
  await folder.write('.gitignore', '.env\n');
  const file = await folder.encrypted('.env.encrypted', 'A=1\n');
  await decryptCommand(file, { output: folder.at('.env') }, folder.screen, folder.env);
  expect([await folder.read('.env'), (await stat(folder.at('.env'))).mode & 0o777]).toEqual(['A=1\n', 0o600]);
  expect(folder.printed).toBe('');
});

test("a file that all could read is its owner's alone once it holds secrets", async () => {
  await using folder = await SecretsFolder.make(key);
  await folder.write('.gitignore', '.env\n');
  const file = await folder.encrypted('.env.encrypted', 'A=1\n');
  await chmod(await folder.write('.env', ''), 0o644);
  await decryptCommand(file, { output: folder.at('.env') }, folder.screen, folder.env);
  expect([await folder.read('.env'), (await stat(folder.at('.env'))).mode & 0o777]).toEqual(['A=1\n', 0o600]);
});

test('plaintext is not written where git has a file, would take one, or a link leads to one', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.encrypted('.env.encrypted', 'A=1\n');
  await folder.write('tracked.env', 'old');
  await folder.write('.gitignore', 'link.env\n');
  await symlink('tracked.env', folder.at('link.env'));
  folder.git('add', 'tracked.env');
  for (const [output, seen] of [
    ['tracked.env', 'git has a file'],
    ['link.env', 'git has a file'],
    ['new.env', 'git does not ignore'],
    ['nowhere/new.env', 'its folder is not there'],
  ] as const) {
    const decrypted = decryptCommand(file, { output: folder.at(output) }, folder.screen, folder.env);
    await expect(decrypted).rejects.toThrow(seen);
  }
  expect(await folder.read('tracked.env')).toBe('old');
});

test('what is wrong names the file', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.write('.env.encrypted', 'A=planted\n');
  await expect(decryptCommand(file, {}, folder.screen, folder.env)).rejects.toThrow(
    `Could not read ${file}: SOPS wrote nothing`,
  );
  await expect(decryptCommand(folder.at('none'), {}, folder.screen, folder.env)).rejects.toThrow('it is not there');
});
