import { GitopsError } from '@gitops/core';

/** Runs `git` in one directory and gives its standard output. Throws `GitopsError`. */
export type Git = (args: readonly string[]) => Promise<string>;

/**
 * The only variables git gets. Variables such as GIT_DIR or GIT_INDEX_FILE, set in hooks and by some runners, would
 * make it read another repository; GIT_CONFIG_* is where some runners write `safe.directory`.
 */
const INHERITED = ['PATH', 'HOME', 'XDG_CONFIG_HOME', 'TMPDIR', 'SUDO_UID', 'SystemRoot', 'USERPROFILE'];
const CONFIGURATION = ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM'];

/** Prepares to run `git` in a directory that exists. */
export async function gitIn(directory: string): Promise<Git> {
  const { simpleGit } = await import(/* webpackMode: "eager" */ 'simple-git');
  const git = simpleGit({
    baseDir: directory,
    completion: { onClose: true, onExit: false },
    allowEnvironment: CONFIGURATION,
    unsafe: { allowUnsafeConfigPaths: true },
  }).env(environment());
  return async (args) => {
    try {
      return await git.raw([...args]);
    } catch (error) {
      throw explain(directory, error);
    }
  };
}

function environment(): Record<string, string> {
  const entries = [...INHERITED, ...CONFIGURATION].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  // Messages are compared below, so they must not be translated.
  return { ...Object.fromEntries(entries), LC_ALL: 'C' };
}

interface Explanation {
  readonly pattern: RegExp;
  readonly code: string;
  readonly seen: string;
  readonly remedy: string;
}

const EXPLANATIONS: readonly Explanation[] = [
  {
    pattern: /dubious ownership|unsafe repository/,
    code: 'unsafe-repository',
    seen: 'the folder belongs to another user, so git refuses to read it',
    remedy: 'run as its owner, or trust it: git config --global --add safe.directory',
  },
  {
    pattern: /not a git repository|must be run in a work tree/,
    code: 'not-a-repository',
    seen: 'it is not a git work tree',
    remedy: 'run in a clone of the repository; in a workflow, let actions/checkout run before',
  },
  {
    pattern: /(?:ambiguous argument|bad revision) 'HEAD'/,
    code: 'not-a-repository',
    seen: 'the repository has no commit yet',
    remedy: 'commit the files that are to be deployed',
  },
  {
    pattern: /spawn git ENOENT/,
    code: 'git-missing',
    seen: '`git` is not installed',
    remedy: 'install git on the machine this runs on',
  },
];

function explain(directory: string, cause: unknown): GitopsError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const attempted = `read the git repository ${directory}`;
  const known = EXPLANATIONS.find(({ pattern }) => pattern.test(message));
  if (!known) {
    const remedy = `run \`git status\` in ${directory} and mend what it says`;
    return new GitopsError('git-failed', { attempted, seen: message.trim(), remedy, cause });
  }
  const remedy = known.code === 'unsafe-repository' ? `${known.remedy} ${directory}` : known.remedy;
  return new GitopsError(known.code, { attempted, seen: known.seen, remedy, cause });
}
