import { basename, relative, resolve } from 'node:path';
import { defaultProject, type InitAnswers } from '@gitops/operations';
import type { InitOptions } from './options.ts';

/** How this program was called, so that commands can be pasted in a folder: `gitops`, or `node dist/gitops.mjs`. */
export function gitopsWords(folder: string): readonly string[] {
  const script = process.argv[1] ?? 'gitops';
  return basename(script) === 'gitops' ? ['gitops'] : ['node', seenFrom(folder, script)];
}

/** A path for use in a folder. */
export function seenFrom(folder: string, path: string): string {
  return relative(folder, path) || '.';
}

/** Words as one line for a shell; plain ones stay plain. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
}

/** `init` with every answer as a flag. */
export function repeatCommand(answers: InitAnswers, options: InitOptions): string {
  const isElsewhere = resolve(options.directory) !== process.cwd();
  const flags: readonly (readonly [string, string])[] = [
    ['-C', isElsewhere ? options.directory : ''],
    ['--identity', options.identity ?? ''],
    ['--name', answers.name],
    ['--environment', answers.environment],
    ['--host', answers.host],
    ['--port', answers.port === 22 ? '' : String(answers.port)],
    ['--user', answers.user],
    ['--state-dir', answers.stateDir],
    ['--compose', answers.compose],
    ...answers.copy.map((path) => ['--copy', path] as const),
    ['--project', answers.project === defaultProject(answers) ? '' : answers.project],
    ['--stack-folder', answers.stackFolder === '.' ? '' : answers.stackFolder],
    ['--owner', answers.owner],
    ['--known-hosts', options.knownHosts ?? ''],
    ['--host-key-fingerprint', options.hostKeyFingerprint ?? ''],
  ];
  const given = flags.filter(([, value]) => value !== '').flat();
  const starter = answers.compose === '' ? ['--starter'] : [];
  const switches = [...starter, ...(options.offline ? ['--offline'] : []), '--yes'];
  return shellLine([...gitopsWords('.'), 'init', ...given, ...switches]);
}
