import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFolder } from './open-folder.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gitops-folder-'));
  await mkdir(join(root, 'site', 'deep'), { recursive: true });
  await mkdir(join(root, '.git'));
  await writeFile(join(root, '.git', 'config'), '');
  await writeFile(join(root, 'compose.yaml'), 'services: {}\n');
  await writeFile(join(root, 'site', 'deep', 'run.sh'), '#!/bin/sh\n');
  await chmod(join(root, 'site', 'deep', 'run.sh'), 0o755);
});

afterEach(() => rm(root, { recursive: true, force: true }));

test("lists every file of a folder with its executable bit, and nothing of git's own", async () => {
  const view = await openFolder(root);
  expect(await view.list('')).toEqual([
    { path: 'compose.yaml', executable: false },
    { path: 'site/deep/run.sh', executable: true },
  ]);
  expect(await view.list('site')).toEqual([{ path: 'site/deep/run.sh', executable: true }]);
  expect((await view.read('compose.yaml')).toString()).toBe('services: {}\n');
});

test('lists nothing for a folder that is not there', async () => {
  expect(await (await openFolder(root)).list('data')).toEqual([]);
});

test('refuses a link that leaves the folder', async () => {
  await symlink('/etc/hostname', join(root, 'site', 'name'));
  await expect((await openFolder(root)).list('site')).rejects.toMatchObject({ code: 'path-outside' });
});

test('says that there is no such folder', async () => {
  await expect(openFolder(join(root, 'nowhere'))).rejects.toMatchObject({ code: 'input' });
});
