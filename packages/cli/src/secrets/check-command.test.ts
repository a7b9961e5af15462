import { rename } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { freshKey } from '../../../secrets/src/sops/testing/age-key.ts';
import { checkCommand } from './check-command.ts';
import { SecretsFolder } from './testing/secrets-folder.ts';

const key = await freshKey();

async function check(folder: SecretsFolder, files: readonly string[], json = false) {
  folder.printed = '';
  const options = { directory: folder.path, json };
  const code = await checkCommand(
    files.map((file) => folder.at(file)),
    options,
    folder.screen,
    folder.env,
  );
  return { code, printed: folder.printed.replaceAll(folder.path, '') };
}

test('a whole file is compared with its MAC by whoever has the key', async () => {
  await using folder = await SecretsFolder.make(key);
  await folder.encrypted('a.env', 'A=1\nB=\n');
  expect(await check(folder, ['a.env'])).toEqual({ code: 0, printed: '/a.env: dotenv, 1 encrypted, MAC verified\n' });
});

test('without a key it is read, and that is said', async () => {
  await using folder = await SecretsFolder.make(key);
  await folder.encrypted('a.env', 'A=1\n');
  delete folder.env['SOPS_AGE_KEY'];
  const { code, printed } = await check(folder, ['a.env']);
  expect([code, printed]).toEqual([0, '/a.env: dotenv, 1 encrypted, not decrypted: no age key was given\n']);
});

test('each thing that is wrong is a finding with its place, and no value is told', async () => {
  await using folder = await SecretsFolder.make(key);
  const text = await folder.encrypted('whole.env', 'A=1\nB=2\n').then(() => folder.read('whole.env'));
  await folder.write('added.env', `${text}C=planted\n`);
  await folder.write('removed.env', text.replace(/^B=.*\n/m, ''));
  await folder.write('plain.env', 'A=planted\n');
  const { code, printed } = await check(folder, ['whole.env', 'added.env', 'removed.env', 'plain.env'], true);
  const { files } = JSON.parse(printed);
  const findings = files.map((file: { findings: readonly { rule: string; line?: number }[] }) =>
    file.findings.map(({ rule, line }) => `${rule} ${line}`),
  );
  expect(code).toBe(2);
  expect(files[0]).toMatchObject({ format: 'dotenv', recipients: [key.recipient], decrypted: true });
  expect(findings).toEqual([
    [],
    [`secret/unencrypted-value ${text.split('\n').length}`],
    ['secret/tampered undefined'],
    ['secret/bad-sops undefined'],
  ]);
  expect(printed).not.toContain('planted');
});

test('the files that the stacks of environments name are found', async () => {
  await using folder = await SecretsFolder.make(key);
  await folder.repository('production');
  await folder.encrypted('environments/production/.env.encrypted', 'A=1\n');
  const options = { directory: folder.path };
  expect(await checkCommand(['production'], options, folder.screen, folder.env)).toBe(0);
  expect(await checkCommand([], options, folder.screen, folder.env)).toBe(0);
  expect(folder.printed.match(/production\/\.env\.encrypted: dotenv, 1 encrypted, MAC verified/g)).toHaveLength(2);
  await expect(checkCommand(['staging'], options, folder.screen, folder.env)).rejects.toThrow('no such file');
});

test('the program sops is run only for those who ask for it, since a file says which key service it goes to', async () => {
  await using folder = await SecretsFolder.make(key);
  const value = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]';
  const file = await folder.write(
    'a.env',
    `A=${value}\nsops_pgp__list_0__map_fp=0\nsops_lastmodified=x\nsops_mac=${value}\n`,
  );
  await rename(await folder.editor(`echo "$*" >${folder.at('said')}; echo A=1`), folder.at('sops'));
  folder.env['PATH'] = `${folder.path}:${folder.env['PATH']}`;
  const { printed } = await check(folder, ['a.env']);
  expect(printed).toContain('not decrypted: it is opened by PGP');
  await expect(folder.read('said')).rejects.toThrow('ENOENT');
  folder.printed = '';
  expect(await checkCommand([file], { directory: '.', sops: true }, folder.screen, folder.env)).toBe(0);
  expect([folder.printed, await folder.read('said')]).toEqual([
    `${file}: dotenv, 1 encrypted, MAC verified\n`,
    expect.stringContaining('--decrypt --input-type dotenv'),
  ]);
});

test('a key that is none is told at once', async () => {
  await using folder = await SecretsFolder.make(key);
  await folder.encrypted('a.env', 'A=1\n');
  folder.env['SOPS_AGE_KEY'] = 'planted';
  await expect(check(folder, ['a.env'])).rejects.toThrow('the age key is none');
});
