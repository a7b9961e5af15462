import { mkdir } from 'node:fs/promises';
import { decryptSops } from '@gitops/secrets';
import { expect, test } from 'vitest';
import { freshKey } from '../../../secrets/src/sops/testing/age-key.ts';
import { type EditSurroundings, editCommand } from './edit-command.ts';
import { SecretsFolder } from './testing/secrets-folder.ts';

const key = await freshKey();

async function surroundings(folder: SecretsFolder, editor: string): Promise<EditSurroundings> {
  return {
    env: { ...folder.env, XDG_STATE_HOME: folder.at('state'), EDITOR: await folder.editor(editor) },
    signal: new AbortController().signal,
    askAgain: async () => false,
  };
}

test('where nothing can be written beside the file, the editor is not even started', async () => {
  await using folder = await SecretsFolder.make(key);
  // Its own name fits, one with an ending does not; root could write into any folder.
  const file = await folder.encrypted(`${'x'.repeat(240)}.env`, 'A=1\n');
  const edit = editCommand(file, folder.screen, await surroundings(folder, `touch ${folder.at('started')}`));
  await expect(edit).rejects.toThrow('nothing can be written beside it');
  await expect(folder.read('started')).rejects.toThrow('ENOENT');
});

test('where the folder goes during the edit, what was written is kept in the folder of state, encrypted', async () => {
  await using folder = await SecretsFolder.make(key);
  await mkdir(folder.at('stack'));
  const file = await folder.encrypted('stack/.env', 'A=1\n');
  const around = await surroundings(folder, `echo B=2 >>"$1"; mv ${folder.at('stack')} ${folder.at('moved')}`);
  const kept = 'state/gitops/.env.unsaved';
  await expect(editCommand(file, folder.screen, around)).rejects.toThrow(`what you wrote is in ${folder.at(kept)}`);
  const text = await folder.read(kept);
  expect(text).not.toContain('B=2');
  expect((await decryptSops(text, [key.identity])).content.toString()).toBe('A=1\nB=2\n');
});
