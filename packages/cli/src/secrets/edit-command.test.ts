import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, stat, writeFile } from 'node:fs/promises';
import { decryptSops } from '@gitops/secrets';
import { expect, test } from 'vitest';
import { freshKey } from '../../../secrets/src/sops/testing/age-key.ts';
import { type EditSurroundings, editCommand } from './edit-command.ts';
import { editorOf } from './editor.ts';
import { SecretsFolder } from './testing/secrets-folder.ts';

const key = await freshKey();

interface Asked extends EditSurroundings {
  readonly questions: string[];
}

async function surroundings(folder: SecretsFolder, editor: string, answers: readonly boolean[] = []): Promise<Asked> {
  const questions: string[] = [];
  const rest = [...answers];
  return {
    env: { ...folder.env, EDITOR: await folder.editor(`echo "$1" >>${folder.at('paths')}; ${editor}`) },
    signal: new AbortController().signal,
    questions,
    askAgain: async (why) => {
      questions.push(why);
      return rest.shift() ?? false;
    },
  };
}

async function plain(folder: SecretsFolder, name: string): Promise<string> {
  return (await decryptSops(await folder.read(name), [key.identity])).content.toString();
}

/** What the editor was given is gone. */
async function expectNothingLeft(folder: SecretsFolder): Promise<void> {
  for (const path of (await folder.read('paths')).trim().split('\n'))
    await expect(access(path)).rejects.toThrow('ENOENT');
}

test('an edit is encrypted again, other values keep their ciphertext, and nothing is left in clear', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.encrypted('.env.encrypted', 'A=1\nB=2\n');
  const before = await folder.read('.env.encrypted');
  const said = folder.at('said');
  const around = await surroundings(
    folder,
    `stat -c %a "$1" "$(dirname "$1")" >${said}; touch "$1~"; sed -i s/B=2/B=3/ "$1"`,
  );
  expect(await editCommand(file, folder.screen, around)).toBe(0);
  const after = await folder.read('.env.encrypted');
  expect(await plain(folder, '.env.encrypted')).toBe('A=1\nB=3\n');
  expect(after.split('\n')[0]).toBe(before.split('\n')[0]);
  expect(await folder.read('said')).toBe('600\n700\n');
  await expectNothingLeft(folder);
});

test('an edit that changes nothing leaves the file as it is', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.encrypted('a.yaml', 'a: 1\n', 'yaml');
  const before = [await folder.read('a.yaml'), (await stat(file)).mtimeMs];
  expect(await editCommand(file, folder.screen, await surroundings(folder, 'true'))).toBe(0);
  expect([await folder.read('a.yaml'), (await stat(file)).mtimeMs]).toEqual(before);
  expect(folder.printed).toBe(`${file}: nothing changed\n`);
  await expectNothingLeft(folder);
});

test('an edit that is not valid can be edited again, from where it was left', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.encrypted('.env', 'A=1\n');
  const around = await surroundings(
    folder,
    'if grep -q broken "$1"; then echo mended=2 >"$1"; else echo broken >>"$1"; fi',
    [true],
  );
  expect(await editCommand(file, folder.screen, around)).toBe(0);
  expect(around.questions).toEqual([expect.stringContaining(`encrypt ${file}:2:1: the line is neither`)]);
  expect(await plain(folder, '.env')).toBe('mended=2\n');
});

test('an edit that is given up is kept beside the file, encrypted, and the file stays as it was', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.encrypted('.env', 'A=1\n');
  const before = await folder.read('.env');
  for (const kept of ['.env.unsaved', '.env.unsaved-2']) {
    const around = await surroundings(folder, 'echo broken >>"$1"', [false]);
    await expect(editCommand(file, folder.screen, around)).rejects.toThrow(`what you wrote is in ${folder.at(kept)}`);
    expect(await folder.read(kept)).not.toContain('broken');
    expect(await plain(folder, kept)).toBe('A=1\nbroken\n');
  }
  expect(await folder.read('.env')).toBe(before);
  await expectNothingLeft(folder);
});

test.each([
  ['the editor fails', 'echo B=2 >>"$1"; exit 3', 'it ended with 3'],
  ['somebody else changes the file meanwhile', 'echo B=2 >>"$1"; echo >>"$OTHER"', 'somebody else changed it'],
])('what was written is kept when %s', async (_, editor, seen) => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.encrypted('.env', 'A=1\n');
  const around = await surroundings(folder, editor.replace('$OTHER', file));
  await expect(editCommand(file, folder.screen, around)).rejects.toThrow(seen);
  expect(await plain(folder, '.env.unsaved')).toBe('A=1\nB=2\n');
  await expectNothingLeft(folder);
});

test('a file in clear is not taken for a damaged one', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = folder.at('plain.yaml');
  await writeFile(file, 'a: 1\n');
  const edit = editCommand(file, folder.screen, await surroundings(folder, 'false'));
  await expect(edit).rejects.toThrow(`Could not edit ${file}: this is no SOPS file\n  → edit it with your editor, or`);
});

test('an editor that is not there is told', async () => {
  await using folder = await SecretsFolder.make(key);
  const file = await folder.encrypted('.env', 'A=1\n');
  const around = { ...(await surroundings(folder, 'true')), env: { ...folder.env, EDITOR: 'no-such-editor -w' } };
  await expect(editCommand(file, folder.screen, around)).rejects.toThrow('Could not edit with `no-such-editor`');
});

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s ends the edit: nothing is left in clear, and what was saved is kept',
  async (name) => {
    await using folder = await SecretsFolder.make(key);
    const file = await folder.encrypted('.env', 'A=1\n');
    const editor = await folder.editor(
      `echo B=2 >>"$1"; echo "$1" >${folder.at('paths')}; echo ready; exec sleep 1000`,
    );
    const script = new URL('testing/edit-process.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, ['--conditions=source', script, file], {
      env: { ...folder.env, EDITOR: editor },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await once(child.stdout, 'data');
    child.kill(name);
    const [exitCode] = await once(child, 'close');
    expect([exitCode, said]).toEqual([1, expect.stringContaining(`${name} ended it`)]);
    await expectNothingLeft(folder);
    expect(await plain(folder, '.env.unsaved')).toBe('A=1\nB=2\n');
  },
);

test('the editor is the one that SOPS would take, with its words', () => {
  expect(editorOf({ SOPS_EDITOR: 'code --wait', EDITOR: 'vim' })).toEqual(['code', '--wait']);
  expect(editorOf({ EDITOR: `"/opt/my editor/bin/e" -x 'a b'` })).toEqual(['/opt/my editor/bin/e', '-x', 'a b']);
  expect(editorOf({ EDITOR: ' ' })).toEqual(['vi']);
});
