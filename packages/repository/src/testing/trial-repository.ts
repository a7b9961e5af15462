import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A real repository on `main`, without a commit. */
export interface TrialRepository {
  readonly root: string;
  git(...words: readonly string[]): string;
  write(path: string, content?: string): Promise<void>;
  /** Commits everything, even if nothing has changed, and returns the id. */
  commit(): string;
  remove(): Promise<void>;
}

/** Starts one. */
export async function startTrialRepository(): Promise<TrialRepository> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'gitops-repository-')));
  const git = (...words: readonly string[]): string => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'protocol.file.allow=always'];
    return execFileSync('git', [...identity, ...words], { cwd: root, encoding: 'utf8', stdio: 'pipe' }).trim();
  };
  let count = 0;
  git('init', '--quiet', '--initial-branch=main');
  return {
    root,
    git,
    write: async (path, content = 'content') => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    },
    commit: () => {
      git('add', '--all');
      // Never the same twice: two empty commits of one second would be.
      git('commit', '--quiet', '--allow-empty', '--message', `change ${++count}`);
      return git('rev-parse', 'HEAD');
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
