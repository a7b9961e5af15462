import { parseDotenv, UNKNOWN_VALUE } from '@gitops/compose';
import { type Finding, type RepositoryView, type StackSpec, withFiles } from '@gitops/core';
import { envFileOf, namesWithoutKey, SopsError } from '@gitops/secrets';
import { unopened } from './unopened.ts';

/** The repository with what is known of variables whose values are not to be had here. */
export interface Sketch {
  readonly view: RepositoryView;
  /** Stacks of whose variables not even the names are known. */
  readonly unreadable: ReadonlySet<StackSpec>;
  /** Whether nothing had to be sketched. */
  readonly isWhole: boolean;
  readonly findings: readonly Finding[];
}

interface Known {
  readonly stack: StackSpec;
  readonly names?: readonly string[];
  readonly findings: readonly Finding[];
}

/**
 * Where a stack's `.env` is encrypted and there is no key, or where a workflow writes it later, the names of its variables are
 * known all the same: those that dotenv files leave readable, or those of `.env.example`. Their values stay unknown.
 */
export async function sketchVariables(view: RepositoryView, stacks: readonly StackSpec[]): Promise<Sketch> {
  const known = await Promise.all(stacks.map((stack) => knownOf(view, stack)));
  const files = known.flatMap(({ stack, names }) => (names ? [[envFileOf(stack), dotenvOf(names)] as const] : []));
  const unreadable = known
    .filter(({ stack, names }) => stack.secrets !== undefined && !names)
    .map(({ stack }) => stack);
  return {
    view: withFiles(view, new Map(files)),
    unreadable: new Set(unreadable),
    isWhole: files.length + unreadable.length === 0,
    findings: known.flatMap(({ findings }) => findings),
  };
}

async function knownOf(view: RepositoryView, stack: StackSpec): Promise<Known> {
  if (stack.secrets !== undefined) return encryptedNames(view, stack, stack.secrets);
  const example = `${envFileOf(stack)}.example`;
  if ((await view.stat(envFileOf(stack))) === 'file' || (await view.stat(example)) !== 'file') {
    return { stack, findings: [] };
  }
  return { stack, names: Object.keys(parseDotenv((await view.read(example)).toString('utf8'))), findings: [] };
}

async function encryptedNames(view: RepositoryView, stack: StackSpec, file: string): Promise<Known> {
  try {
    const names = namesWithoutKey((await view.read(file)).toString('utf8'));
    return names ? { stack, names, findings: [] } : { stack, findings: [namesUnknown(file)] };
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    return { stack, findings: [unopened(error.inFile(file))] };
  }
}

function dotenvOf(names: readonly string[]): Buffer {
  return Buffer.from(names.map((name) => `${name}=${UNKNOWN_VALUE}\n`).join(''));
}

function namesUnknown(file: string): Finding {
  const message = 'it is encrypted as a whole, so without a key nothing is known of its variables';
  const remedy = 'give the key (`sops-age-key`), or encrypt it as dotenv, which leaves the names readable';
  return { rule: 'secret/names-unknown', severity: 'info', file, line: 1, column: 1, message, remedy };
}
