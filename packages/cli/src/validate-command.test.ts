import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRepository, type TestRepository } from '../../../test/lab/git-repository.ts';
import { program } from './program.ts';

const ENVIRONMENT =
  'apiVersion: gitops/v1\ntargets: { docker: { kind: docker, host: docker.example.com, user: gitops } }\nstacks: [{ name: shop }]\n';
const SOUND = 'services: { web: { image: nginx, restart: always } }\n';

/** A repository with an image without a tag and a service without a health check. */
function repository(compose = SOUND): Promise<TestRepository> {
  return createRepository({
    'gitops.yml': 'apiVersion: gitops/v1\nname: infra\n',
    'environments/lab/environment.yml': ENVIRONMENT,
    'environments/lab/compose.yaml': compose,
  });
}

async function validate(...words: readonly string[]) {
  let text = '';
  const code = await program(['node', 'gitops', 'validate', ...words], { write: (more: string) => (text += more) });
  return { code, lines: text.trimEnd().split('\n') };
}

test('a baseline says how many findings it took, and that it has to be committed', async () => {
  await using repo = await repository();
  const { code, lines } = await validate('-C', repo.path, '--update-baseline');
  const file = join(repo.path, '.gitops-baseline.json');
  expect([code, lines.at(-1)]).toEqual([0, `2 warnings and errors written to ${file}; commit it`]);
  expect(JSON.parse(await readFile(file, 'utf8')).findings).toHaveLength(2);
});

test('what is only good to know is counted, but not written to a baseline', async () => {
  await using repo = await repository(`version: "3"\n${SOUND}`);
  const { lines } = await validate('-C', repo.path, '--update-baseline');
  expect(lines.at(-2)).toBe('⚠️ Validated: 2 warnings, 1 to know');
  expect(lines.at(-1)).toMatch(/^2 warnings and errors written/);
});

test('errors that a deployment would refuse stay, and that is said', async () => {
  await using repo = await repository(SOUND.replace('nginx', '"nginx:${TAG}", command: $A'));
  const { lines } = await validate('-C', repo.path, '--update-baseline');
  expect(lines.at(-2)).toMatch(/^1 warning or error written to /);
  expect(lines.at(-1)).toBe('2 errors stay: a deployment would refuse them');
});

test('a baseline of one environment, or a base that is not there, is a mistake of the command line', async () => {
  await using repo = await repository();
  expect((await validate('lab', '-C', repo.path, '--update-baseline')).code).toBe(2);
  expect((await validate('-C', repo.path, '--base', 'nosuch')).code).toBe(2);
  expect((await validate('-C', repo.path, '--base', 'main')).code).toBe(0);
});
