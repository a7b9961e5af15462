import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commitsSince, everSaid } from './history.ts';
import { openRepository } from './open-repository.ts';
import { startTrialRepository, type TrialRepository } from './testing/trial-repository.ts';

let repository: TrialRepository;

beforeEach(async () => {
  repository = await startTrialRepository();
});

afterEach(() => repository.remove());

const FILE = 'environments/lab/environment.yml';

async function said(content: string, path = FILE): Promise<string> {
  await repository.write(path, content);
  return repository.commit();
}

async function since(start: string, directory = repository.root, most = 101): Promise<readonly string[] | undefined> {
  return commitsSince(await openRepository(directory), start, most);
}

describe('the commits since another one', () => {
  test('are those that the branch was at, the newest first, and no more than are asked for', async () => {
    const start = repository.commit();
    const second = repository.commit();
    repository.git('checkout', '--quiet', '-b', 'change', start);
    repository.commit();
    repository.git('checkout', '--quiet', 'main');
    repository.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'change');
    const merged = repository.git('rev-parse', 'HEAD');
    const tip = repository.commit();
    expect(await since(start)).toEqual([tip, merged, second]);
    expect(await since(start, repository.root, 2)).toEqual([tip, merged]);
  });

  test('are none where it is the same one, or a newer one', async () => {
    const older = repository.commit();
    const newer = repository.commit();
    expect(await since(newer)).toEqual([]);
    repository.git('checkout', '--quiet', older);
    expect(await since(newer)).toEqual([]);
  });

  test('can not be told after a commit that is not there, or on a branch that was rewritten', async () => {
    const first = repository.commit();
    const second = await said('gone');
    repository.git('checkout', '--quiet', '-B', 'main', first);
    repository.commit();
    expect(await since(second)).toBeUndefined();
    expect(await since('f'.repeat(40))).toBeUndefined();
    expect(await since('--all')).toBeUndefined();
  });

  test('can not be told in a shallow clone, unless they are all there', async () => {
    const [first = '', second = '', third = ''] = Array.from({ length: 3 }, repository.commit);
    repository.git('clone', '--quiet', '--depth=2', `file://${repository.root}`, 'clone');
    const clone = join(repository.root, 'clone');
    expect(await since(first, clone)).toBeUndefined();
    expect(await since(second, clone)).toEqual([third]);
  });

  test('can not be told where a shallow clone has the commit, but not the whole way to it', async () => {
    const start = repository.commit();
    repository.git('checkout', '--quiet', '-b', 'long');
    for (let step = 0; step < 4; step++) repository.commit();
    repository.git(
      'merge',
      '--quiet',
      '--no-ff',
      '--message',
      'merge',
      '-s',
      'ours',
      '--allow-unrelated-histories',
      'main',
    );
    repository.git(
      'checkout',
      '--quiet',
      '-B',
      'main',
      repository.git('commit-tree', 'HEAD^{tree}', '-p', 'HEAD', '-p', start, '-m', 'merge'),
    );
    repository.git('clone', '--quiet', '--depth=2', `file://${repository.root}`, 'clone');
    expect(await since(start, join(repository.root, 'clone'))).toBeUndefined();
  });
});

describe('what a file ever said', () => {
  const wasSaid = async (after?: string, directory = repository.root) =>
    everSaid(await openRepository(directory), FILE, '^approvals:', after);

  test('is found after it was taken out, or from the first commit on', async () => {
    const first = await said('approvals: required\n');
    expect(await wasSaid()).toBe(true);
    const second = await said('branch: main\n');
    expect(await wasSaid()).toBe(true);
    expect(await wasSaid(first)).toBe(true);
    expect(await wasSaid(second)).toBe(false);
    expect(await wasSaid('f'.repeat(40))).toBe(true);
    const newer = repository.commit();
    repository.git('checkout', '--quiet', second);
    expect(await wasSaid(newer)).toBe(false);
  });

  test('is not what another file says, or another line', async () => {
    await said('approvals: required\n', 'environments/other/environment.yml');
    await said('# approvals: none\nbranch: approvals:\n');
    expect(await wasSaid()).toBe(false);
  });

  test('is not hidden by an attribute that keeps git from comparing the file', async () => {
    await said('*.yml -diff\n', '.gitattributes');
    await said('approvals: required\n');
    await said('branch: main\n');
    expect(await wasSaid()).toBe(true);
  });

  test('is not hidden by a merge that takes the file of the side without it', async () => {
    const before = await said('branch: main\n');
    await said('branch: main\napprovals: required\n');
    repository.git('checkout', '--quiet', '-b', 'side', before);
    repository.commit();
    repository.git('merge', '--quiet', '--no-ff', '--message', 'merge', '-s', 'ours', 'main');
    expect(await wasSaid()).toBe(true);
    expect(await wasSaid(before)).toBe(true);
  });

  test('is found in a folder of a larger repository, and in as much of a shallow clone as there is', async () => {
    await said('approvals: required\n', `infra/${FILE}`);
    await said('branch: main\n', `infra/${FILE}`);
    expect(await wasSaid(undefined, join(repository.root, 'infra'))).toBe(true);
    repository.git('clone', '--quiet', '--depth=1', `file://${repository.root}`, 'clone');
    expect(await wasSaid(undefined, join(repository.root, 'clone/infra'))).toBe(false);
  });
});
