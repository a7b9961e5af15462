import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '@gitops/repository';
import { expect, test } from 'vitest';
import { historyOf } from './history-of.ts';

/** Whether approvals count as required after a file of the environment `lab` was replaced by one without them. */
async function afterIt(said: string): Promise<boolean> {
  const root = await mkdtemp(join(tmpdir(), 'gitops-history-of-'));
  try {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'ignore' });
    git('init', '--quiet', '--initial-branch=main');
    await mkdir(join(root, 'environments/lab'), { recursive: true });
    for (const text of [said, 'branch: main\n']) {
      await writeFile(join(root, 'environments/lab/environment.yml'), text);
      git('add', '--all');
      git('-c', 'user.name=Test', '-c', 'user.email=test@example.com', 'commit', '--message', 'change');
    }
    return await historyOf(await openRepository(root), 'lab').requiredApprovals(undefined);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

test.each([
  ['apiVersion: gitops/v1\napprovals: required\n', true],
  ['"approvals" : "required"\n', true],
  ["'approvals': required\n", true],
  ['{ approvals: required }\n', true],
  ['{\n  "apiVersion": "gitops/v1",\n  "approvals": "required"\n}\n', true],
  ['{ apiVersion: gitops/v1, approvals: required }\n', true],
  ['# approvals: required would be too much here\n', false],
  ['no-approvals: here\n', false],
])('of a file that said %j it is known whether that required approvals: %s', async (said, isRequired) => {
  expect(await afterIt(said)).toBe(isRequired);
});
