import { Secret } from '../secret.ts';
import { openDataKey } from './age/data-key.ts';
import { type DecryptedTree, decryptTree } from './decrypt-tree.ts';
import type { SopsMetadata } from './metadata.ts';
import { type OpenedSops, openSops } from './open-sops.ts';
import { isRuledEncrypted, type SopsRule } from './rule.ts';
import { SopsError } from './sops-error.ts';
import type { SopsFormat } from './sops-format.ts';
import { decryptByProgram, needsProgram, type RunSops } from './sops-program.ts';
import { emitPlain, readPlain } from './stores.ts';
import { leavesOf, type SopsMap } from './tree.ts';

/** A decrypted file. */
export interface DecryptedSops {
  /** What `sops --decrypt` writes. */
  readonly content: Buffer;
  readonly format: SopsFormat;
  /** Each value that was encrypted, so that it can be kept from being shown. */
  readonly values: readonly Secret[];
  /** The variables of a dotenv file as SOPS has them; Compose reads quotes, `$` and ` #` in them its own way. */
  readonly variables?: ReadonlyMap<string, Secret>;
}

/**
 * Decrypts a file, and compares all of it with its MAC. `identities` are age keys, or whole key files; every one is tried on
 * every recipient. What age can't open is left to the program `sops`, if there is one to run.
 *
 * @throws SopsError
 */
export async function decryptSops(
  text: string,
  identities: readonly string[],
  runSops?: RunSops,
): Promise<DecryptedSops> {
  const opened = openSops(text);
  const { format, metadata } = opened;
  try {
    const { documents, secrets } = await unlock(opened, identities);
    return describe(emitPlain(documents, format), documents, secrets, format);
  } catch (error) {
    if (!runSops || !isForProgram(error, metadata)) throw error;
  }
  const content = await decryptByProgram(text, opened, identities, runSops);
  const documents = readPlain(content, format);
  return describe(content, documents, plainSecrets(documents, metadata.rule), format);
}

/** Whether another kind of key may open what age did not. */
function isForProgram(error: unknown, { otherKeys, needsBinary }: SopsMetadata): boolean {
  if (needsBinary !== undefined) return true;
  const isKeyMissing = error instanceof SopsError && ['sops-no-key', 'sops-wrong-key'].includes(error.code);
  return isKeyMissing && otherKeys !== undefined;
}

/** The values of a file and the key that they are encrypted with. */
interface UnlockedSops extends DecryptedTree {
  readonly dataKey: Buffer;
}

/** Decrypts what was opened, by age. Throws SopsError. */
export async function unlock({ tree, metadata }: OpenedSops, identities: readonly string[]): Promise<UnlockedSops> {
  if (metadata.needsBinary !== undefined) throw needsProgram(metadata.needsBinary);
  const dataKey = await openDataKey(metadata.recipients, identities);
  return { ...decryptTree(tree.documents, metadata, dataKey), dataKey };
}

/** What was decrypted, for those who use it. */
function describe(
  content: Buffer,
  documents: readonly SopsMap[],
  secrets: readonly string[],
  format: SopsFormat,
): DecryptedSops {
  const values = [...new Set(secrets)].map((value) => new Secret(value));
  const decrypted = { content, format, values };
  return format === 'dotenv' ? { ...decrypted, variables: variablesOf(documents) } : decrypted;
}

/** The values of a plaintext file that are encrypted where the file is. */
function plainSecrets(documents: readonly SopsMap[], rule: SopsRule): readonly string[] {
  const leaves = documents.flatMap(leavesOf);
  const encrypted = leaves.filter(
    ({ leaf, path, comments }) =>
      leaf.kind === 'scalar' && leaf.text !== '' && isRuledEncrypted(rule, { path, comments, isComment: false }),
  );
  return encrypted.map(({ leaf }) => leaf.text);
}

function variablesOf(documents: readonly SopsMap[]): ReadonlyMap<string, Secret> {
  const entries = documents.flatMap((document) => document.entries).filter((entry) => entry.kind === 'entry');
  return new Map(entries.flatMap(({ key, value }) => (value.kind === 'scalar' ? [[key, new Secret(value.text)]] : [])));
}
