import { basename, posix, resolve } from 'node:path';
import { type AskedValue, messageOf, problemWith } from '@gitops/core';
import {
  composeFileIn,
  defaultProject,
  existingName,
  type GitState,
  holdsAction,
  type InitAnswers,
  readSourceProject,
  type SourceProject,
} from '@gitops/operations';
import type { Interview, Question } from './interview.ts';
import type { InitOptions } from './options.ts';

export interface Gathered {
  readonly answers: InitAnswers;
  readonly source: SourceProject | undefined;
}

/** Typed where a path is asked for and a starter is wanted although there is a Compose file. */
const STARTER = '-';

/** Everything the files depend on, from flags, questions and defaults. Throws `GitopsError` `input` for what is missing. */
export async function gatherAnswers(options: InitOptions, interview: Interview, git: GitState): Promise<Gathered> {
  const asked = (what: AskedValue, flag: string, text: string, fallback?: string) =>
    interview.answer({ flag, text, fallback, given: options[what], problem: (value) => problemWith(what, value) });
  const name = await askName(options, interview);
  const environment = await asked('environment', '--environment', 'Name of the environment', 'production');
  const host = await asked('host', '--host', 'Docker host (name or address)');
  const port = await asked('port', '--port', 'Port of its SSH server', '22');
  const user = await asked('user', '--user', 'SSH user on the host');
  const stateDir = await asked('stateDir', '--state-dir', 'Folder for releases on the host', '/var/lib/gitops');
  const compose = await askCompose(options, interview);
  const source = compose === '' ? undefined : await readSourceProject(compose);
  const usual = defaultProject({ name, environment });
  const project = await asked('project', '--project', 'Name of the Compose project', source?.project || usual);
  const stackFolder = await interview.answer(stackFolderQuestion(options));
  const owner = await askOwner(options, interview);
  if (!interview.hasPerson && !options.hostKeyFingerprint && !options.knownHosts)
    interview.miss('--host-key-fingerprint or --known-hosts');
  interview.refuseMissing();
  const { directory, copy = [], ref } = options;
  const where = { host, port: Number(port), user, stateDir: stateDir.replace(/\/$/, '') };
  const what = { project, stackFolder: posix.normalize(stackFolder).replace(/\/$/, ''), compose, copy };
  return { source, answers: { directory, name, environment, ...where, ...what, owner, ref, branch: git.branch } };
}

/** An environment that is added to a repository does not change its name. */
async function askName(options: InitOptions, interview: Interview): Promise<string> {
  const existing = await existingName(options.directory);
  const folder = basename(resolve(options.directory)).toLowerCase();
  const usual = problemWith('name', folder) === undefined ? folder : 'infrastructure';
  const problem = (value: string) =>
    existing !== undefined && value !== existing ? `gitops.yml says \`${existing}\`` : problemWith('name', value);
  const given = options.name ?? existing;
  return interview.answer({ flag: '--name', text: 'Name of the repository', fallback: usual, given, problem });
}

async function askCompose(options: InitOptions, interview: Interview): Promise<string> {
  if (options.starter) return '';
  const isThere = (await composeFileIn(options.directory)) !== undefined;
  const answer = await interview.answer({
    flag: '--compose',
    text: `Existing Compose file, or its folder (${STARTER} for a small starter)`,
    given: options.compose,
    fallback: isThere ? options.directory : STARTER,
    problem: async (path) => (path === STARTER ? undefined : await problemOfSource(path)),
  });
  return answer === STARTER ? '' : answer;
}

function problemOfSource(path: string): Promise<string | undefined> {
  return readSourceProject(path).then(() => undefined, messageOf);
}

function stackFolderQuestion({ stackFolder }: InitOptions): Question {
  return {
    flag: '--stack-folder',
    text: 'Folder of the Compose file, within the folder of the environment',
    given: stackFolder,
    fallback: '.',
    problem: (value) =>
      /^[A-Za-z0-9_][\w./-]*$|^\.$/.test(value) && !posix.normalize(value).startsWith('..')
        ? undefined
        : 'write `.`, or a relative path of letters, digits and `._-`',
  };
}

async function askOwner({ directory, owner }: InitOptions, interview: Interview): Promise<string> {
  if (await holdsAction(directory)) return '';
  return interview.answer({
    flag: '--owner',
    text: 'Account on GitHub that holds gitops-coordinator (empty: fill it in later)',
    given: owner,
    fallback: '',
    problem: (value) => (/^(?:[A-Za-z0-9][A-Za-z0-9-]*)?$/.test(value) ? undefined : 'write letters, digits and `-`'),
  });
}
