import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeFinding, GitopsError, listEnvironments, loadEnvironment, type RepositoryView } from '@gitops/core';
import { openFolder } from '@gitops/repository';
import { type CheckedSops, checkSops, sopsOnPath } from '@gitops/secrets';
import { EXIT_DONE, EXIT_USAGE } from '../exit-code.ts';
import { printed } from '../printed.ts';
import type { Screen } from '../terminal-reporter.ts';
import { ageKeys } from './age-keys.ts';
import { readSecretsFile } from './secrets-file.ts';

export interface CheckOptions {
  readonly directory: string;
  /**
   * Lets the program `sops` open what age can't. Never by itself: it would go to whatever key service a file names, with the
   * credentials of this machine, and files are checked before anybody has reviewed them.
   */
  readonly sops?: boolean;
  readonly json?: boolean;
}

/** `gitops secrets check`: files, or those that the stacks of environments name; of all environments where nothing is named. */
export async function checkCommand(
  what: readonly string[],
  options: CheckOptions,
  screen: Screen,
  env = process.env,
): Promise<number> {
  const files = await filesToCheck(what, options.directory);
  const keys = await ageKeys(env);
  const checked: CheckedSops[] = [];
  for (const file of files) {
    const text = (await readSecretsFile(file)).toString();
    checked.push(await checkSops(file, text, keys, options.sops ? sopsOnPath(env) : undefined));
  }
  screen.write(
    options.json ? `${JSON.stringify({ files: checked.map(facts) }, undefined, 2)}\n` : printed(told(checked)),
  );
  return checked.some(({ findings }) => findings.length > 0) ? EXIT_USAGE : EXIT_DONE;
}

async function filesToCheck(what: readonly string[], directory: string): Promise<readonly string[]> {
  const kinds = await Promise.all(what.map(async (name) => ({ name, isFile: await isFile(name) })));
  const named = kinds.filter(({ isFile }) => isFile).map(({ name }) => name);
  const environments = kinds.filter(({ isFile }) => !isFile).map(({ name }) => name);
  if (what.length > 0 && environments.length === 0) return named;
  const view = await openFolder(directory);
  const all = environments.length > 0 ? environments : await listEnvironments(view);
  const ofStacks = await Promise.all(all.map((environment) => filesOf(view, environment)));
  const files = [...named, ...ofStacks.flat().map((path) => join(directory, path))];
  if (files.length === 0) throw nothingToCheck();
  return [...new Set(files)];
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

async function filesOf(view: RepositoryView, name: string): Promise<readonly string[]> {
  const { environment, findings } = await loadEnvironment(view, name);
  const [error] = findings.filter(({ severity }) => severity === 'error');
  if (!environment) throw unknownWhat(name, error ? describeFinding(error) : '');
  return environment.stacks.flatMap(({ secrets }) => secrets ?? []);
}

function facts({ file, sops, findings, undecrypted }: CheckedSops) {
  return {
    file,
    format: sops?.format ?? '',
    recipients: sops?.recipients.map(({ recipient }) => recipient) ?? [],
    lastModified: sops?.lastModified ?? '',
    decrypted: undecrypted === undefined,
    undecrypted: undecrypted ?? '',
    findings,
  };
}

function told(checked: readonly CheckedSops[]): string {
  return checked.map((each) => `${lineOf(each)}\n`).join('');
}

function lineOf({ file, sops, findings, undecrypted }: CheckedSops): string {
  if (findings.length > 0) return findings.map(describeFinding).join('\n');
  const head = `${file}: ${sops?.format ?? ''}, ${sops?.leaves.filter(({ isEncrypted }) => isEncrypted).length ?? 0} encrypted`;
  return undecrypted === undefined ? `${head}, MAC verified` : `${head}, not decrypted: ${undecrypted}`;
}

function unknownWhat(name: string, why: string): GitopsError {
  return new GitopsError('input', {
    attempted: `check ${name}`,
    seen: `there is no such file, and as an environment it can't be read: ${why}`,
    remedy: 'name files, or environments of the folder that -C names',
  });
}

function nothingToCheck(): GitopsError {
  return new GitopsError('input', {
    attempted: 'check secrets',
    seen: 'no stack names a file as its `secrets`',
    remedy: 'name the files: `gitops secrets check FILE…`',
  });
}
