import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startRepository } from '@gitops/repository';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DraftFile } from './draft.ts';
import { draftRepository } from './draft-repository.ts';
import { readSourceProject } from './source-project.ts';
import { someAnswers } from './testing/some-answers.ts';
import { writeDraft } from './write-draft.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitops-draft-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function draftOf(files: Readonly<Record<string, string>>) {
  const project = join(folder, 'project');
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(project, path)), { recursive: true });
    await writeFile(join(project, path), content);
  }
  const directory = join(folder, 'infra');
  return draftRepository({ ...someAnswers, directory }, await readSourceProject(project), ['host ssh-ed25519 AAAA']);
}

const web = `services:
  web:
    image: web
    env_file: [web/.env, more.env]
    volumes: ["./keys:/keys:ro"]
`;

test('whatever git ignores has a way into a clone: a secret, or nothing but its name if it is empty', async () => {
  const { files, secrets, empty } = await draftOf({
    'compose.yaml': web,
    '.env': '',
    'web/.env': '',
    'more.env': '',
    'keys/deploy-key.pub': 'ssh-ed25519 AAAA\n',
  });
  expect(empty).toEqual(['environments/production/.env', 'environments/production/web/.env']);
  expect(secrets).toEqual([
    {
      path: 'environments/production/keys/deploy-key.pub',
      secretName: 'FILE_PRODUCTION_KEYS_DEPLOY_KEY_PUB',
      endsWithLineBreak: true,
    },
  ]);
  expect(await ignored(files)).toEqual([...empty, ...secrets.map(({ path }) => path)].sort());
});

/** What git ignores of a draft that is written; git refuses to add what it ignores. */
async function ignored(files: readonly DraftFile[]): Promise<readonly string[]> {
  const cwd = join(folder, 'infra');
  await startRepository(cwd);
  await writeDraft(cwd, files);
  const forGit = files.filter(({ secret }) => !secret).map(({ path }) => path);
  execFileSync('git', ['add', '--', ...forGit], { cwd });
  const others = execFileSync('git', ['ls-files', '--others'], { cwd, encoding: 'utf8' });
  return others.trim().split('\n').sort();
}
