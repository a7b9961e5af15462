import { posix } from 'node:path';
import { type RepositoryView, type StackSpec, withFiles } from '@gitops/core';
import type { Secret } from './secret.ts';
import { type DecryptedSops, decryptSops } from './sops/decrypt.ts';
import { inspectSops } from './sops/inspect.ts';
import { SopsError } from './sops/sops-error.ts';
import type { RunSops } from './sops/sops-program.ts';

/** A decrypted value, and what it is called. */
export interface NamedSecret {
  readonly name: string;
  /** The encrypted file, relative to the root of the repository. */
  readonly file: string;
  readonly value: Secret;
}

export interface OpenedSecrets {
  /** The repository in which the `.env` of each stack says what its encrypted file does. */
  readonly view: RepositoryView;
  readonly values: readonly NamedSecret[];
}

/** What opens encrypted files. */
export interface SopsKeys {
  /** age identities, or whole key files. */
  readonly identities: readonly string[];
  /**
   * For what age does not open. Left out for files that nobody has reviewed: it would go to whatever key service they name, with
   * the credentials of this machine.
   */
  readonly runSops?: RunSops;
}

/**
 * Decrypts what stacks name as their `secrets`. It becomes their `.env` in memory alone; a plaintext `.env` that lies beside it,
 * left over or git-ignored, does not count.
 *
 * @throws SopsError with the file in it
 */
export async function openSecrets(
  view: RepositoryView,
  stacks: readonly StackSpec[],
  keys: SopsKeys,
): Promise<OpenedSecrets> {
  const opened = await Promise.all(
    encryptedFiles(stacks).map(async ({ file, targets }) => {
      const decrypted = await decryptFile(view, file, keys);
      return { file, targets, decrypted };
    }),
  );
  const files = opened.flatMap(({ targets, decrypted }) => targets.map((path) => [path, decrypted.content] as const));
  const values = opened.flatMap(({ file, decrypted }) => namedValues(file, decrypted));
  return { view: withFiles(view, new Map(files)), values };
}

/** Names of the variables that a file holds, which dotenv leaves readable; `undefined` if nothing can be said without a key. */
export function namesWithoutKey(text: string): readonly string[] | undefined {
  const { format, leaves } = inspectSops(text);
  if (format !== 'dotenv') return undefined;
  return leaves.filter(({ isComment }) => !isComment).map(({ path }) => String(path[0]));
}

/** Where the `.env` of a stack lies. */
export function envFileOf({ folder }: StackSpec): string {
  return posix.join(folder, '.env');
}

/** Stacks may share a file, which is decrypted once. */
function encryptedFiles(
  stacks: readonly StackSpec[],
): { readonly file: string; readonly targets: readonly string[] }[] {
  const byFile = new Map<string, string[]>();
  for (const stack of stacks) {
    if (stack.secrets === undefined) continue;
    byFile.set(stack.secrets, [...(byFile.get(stack.secrets) ?? []), envFileOf(stack)]);
  }
  return [...byFile].map(([file, targets]) => ({ file, targets }));
}

async function decryptFile(
  view: RepositoryView,
  file: string,
  { identities, runSops }: SopsKeys,
): Promise<DecryptedSops> {
  try {
    const decrypted = await decryptSops((await view.read(file)).toString('utf8'), identities, runSops);
    if (decrypted.format === 'yaml' || decrypted.format === 'json') throw noVariables(decrypted.format);
    return decrypted;
  } catch (error) {
    throw error instanceof SopsError ? error.inFile(file) : error;
  }
}

function noVariables(format: string): SopsError {
  return new SopsError('sops-wrong-format', {
    attempted: 'decrypt',
    seen: `it is ${format.toUpperCase()}, and the \`.env\` of a stack is made of it, which holds lines of NAME=value`,
    remedy: 'encrypt a dotenv file: `gitops secrets encrypt .env --output .env.encrypted`',
  });
}

/** Those that were encrypted. What was encrypted as a whole has no names; each of its lines is kept from being shown. */
function namedValues(file: string, { variables, values }: DecryptedSops): readonly NamedSecret[] {
  if (!variables) return values.map((value) => ({ name: '', file, value }));
  const encrypted = new Set(values.map((value) => value.reveal()));
  return [...variables].flatMap(([name, value]) => (encrypted.has(value.reveal()) ? [{ name, file, value }] : []));
}
