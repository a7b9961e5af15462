import { expect, test } from 'vitest';
import { createRepository } from '../../../test/lab/git-repository.ts';
import { originOf } from './origin.ts';

test('a clone says where it was made from, also in a folder within it', async () => {
  await using repository = await createRepository({ 'infra/gitops.yml': '' });
  expect(await originOf(repository.path)).toBeUndefined();
  await repository.git('remote', 'add', 'upstream', 'https://example.com/other.git');
  await repository.git('remote', 'add', 'origin', 'git@example.com:acme/infra.git');
  expect(await originOf(`${repository.path}/infra`)).toBe('git@example.com:acme/infra.git');
});
