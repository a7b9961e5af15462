import { Secret } from '../secret.ts';
import { openDataKey } from './age/data-key.ts';
import { type DecryptedTree, decryptTree } from './decrypt-tree.ts';
import { type OpenedSops, openSops } from './open-sops.ts';
import { SopsError } from './sops-error.ts';
import type { SopsFormat } from './sops-format.ts';
import { emitPlain } from './stores.ts';
import type { SopsMap } from './tree.ts';

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
 * Decrypts a file that is encrypted to recipients of age, and compares all of it with its MAC.
 * `identities` are age keys, or whole key files; every one is tried on every recipient.
 *
 * @throws SopsError
 */
export async function decryptSops(text: string, identities: readonly string[]): Promise<DecryptedSops> {
  const opened = openSops(text);
  const { documents, secrets } = await unlock(opened, identities);
  return describe(documents, secrets, opened.format);
}

/** The values of a file and the key that they are encrypted with. */
export interface UnlockedSops extends DecryptedTree {
  readonly dataKey: Buffer;
}

/** Decrypts what was opened. Throws SopsError. */
export async function unlock({ tree, metadata }: OpenedSops, identities: readonly string[]): Promise<UnlockedSops> {
  if (metadata.needsBinary !== undefined) throw needsBinary(metadata.needsBinary);
  const dataKey = await openDataKey(metadata.recipients, identities);
  return { ...decryptTree(tree.documents, metadata, dataKey), dataKey };
}

/** What was decrypted, for those who use it. */
function describe(documents: readonly SopsMap[], secrets: readonly string[], format: SopsFormat): DecryptedSops {
  const decrypted = {
    content: emitPlain(documents, format),
    format,
    values: [...new Set(secrets)].map((value) => new Secret(value)),
  };
  return format === 'dotenv' ? { ...decrypted, variables: variablesOf(documents) } : decrypted;
}

function variablesOf(documents: readonly SopsMap[]): ReadonlyMap<string, Secret> {
  const entries = documents.flatMap(({ entries }) => entries).filter((entry) => entry.kind === 'entry');
  return new Map(entries.flatMap(({ key, value }) => (value.kind === 'scalar' ? [[key, new Secret(value.text)]] : [])));
}

function needsBinary(kind: string): SopsError {
  return new SopsError('sops-unsupported', {
    attempted: 'decrypt',
    seen: `it is opened by ${kind}, which only the program \`sops\` can`,
    remedy: 'install sops 3.10 or newer, or add a recipient of age to the file: `sops rotate --add-age age1… -i FILE`',
  });
}
