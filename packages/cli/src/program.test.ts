import { afterEach, expect, it, vi } from 'vitest';
import { createRepository } from '../../../test/lab/git-repository.ts';
import { program } from './program.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

it('what a command ends with is no command for the runner, and steers no terminal', async () => {
  vi.stubEnv('GITHUB_ACTIONS', 'true');
  let told = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    told += text;
    return true;
  });
  await using repo = await createRepository({ 'gitops.yml': 'apiVersion: gitops/v1\nname: infra\n' });
  const base = 'x\n::add-mask::deploy\u001b[2J';
  const code = await program(['node', 'gitops', 'validate', '-C', repo.path, '--base', base], { write: () => true });
  expect(code).toBe(2);
  expect(told).toContain('there is no commit or branch `x\n\\::add-mask::deploy [2J` here');
});
