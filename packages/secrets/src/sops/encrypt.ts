import { randomBytes } from 'node:crypto';
import { wrapDataKey } from './age/data-key.ts';
import { DATA_KEY_BYTES } from './cipher.ts';
import { unlock } from './decrypt.ts';
import { encryptTree } from './encrypt-tree.ts';
import { renewMetadata, writeMetadata } from './metadata.ts';
import { openSops } from './open-sops.ts';
import { DEFAULT_UNENCRYPTED_SUFFIX, type SopsRule } from './rule.ts';
import { SopsError } from './sops-error.ts';
import type { SopsFormat } from './sops-format.ts';
import { readPlain, STORES } from './stores.ts';
import { UsedIvs } from './used-ivs.ts';

/** What a new file is to be. */
export interface SopsTarget {
  readonly format: SopsFormat;
  /** `age1…`, at least one. */
  readonly recipients: readonly string[];
  /** Which values are encrypted; all but those named `…_unencrypted` if left out. */
  readonly rule?: SopsRule;
}

const DEFAULT_RULE: SopsRule = { unencryptedSuffix: DEFAULT_UNENCRYPTED_SUFFIX, macOnlyEncrypted: false };

/**
 * Encrypts a plaintext file with a new data key, as `sops --encrypt` does.
 *
 * @throws SopsError `sops-damaged` if the content is not of that format, `sops-unsupported`, or `sops-bad-key`
 */
export async function encryptSops(content: Buffer, target: SopsTarget, now = new Date()): Promise<string> {
  const { format, recipients, rule = DEFAULT_RULE } = target;
  if (recipients.length === 0) throw noRecipient();
  const documents = readPlain(content, format);
  const dataKey = randomBytes(DATA_KEY_BYTES);
  const lastModified = rfc3339(now);
  const encrypted = encryptTree(documents, { rule, dataKey, lastModified, ivs: new UsedIvs() });
  const wraps = await Promise.all(
    recipients.map(async (recipient) => ({ recipient, encrypted: await wrapDataKey(dataKey, recipient) })),
  );
  const metadata = writeMetadata({ recipients: wraps, lastModified, mac: encrypted.mac, rule });
  return emitted(format, encrypted.documents, metadata);
}

/**
 * The encrypted file with another content, as `sops edit` leaves it: the same data key, recipients and rule, and the same
 * ciphertext for every value that did not change.
 *
 * @throws SopsError as `decryptSops` for the old file and as `encryptSops` for the new content
 */
export async function reencryptSops(
  oldText: string,
  newContent: Buffer,
  identities: readonly string[],
  now = new Date(),
): Promise<string> {
  const opened = openSops(oldText);
  const { dataKey, ivs } = await unlock(opened, identities);
  const { rule } = opened.metadata;
  const lastModified = rfc3339(now);
  const { documents, mac } = encryptTree(readPlain(newContent, opened.format), { rule, dataKey, lastModified, ivs });
  return emitted(opened.format, documents, renewMetadata(opened.tree.metadata, { lastModified, mac }));
}

function emitted(
  format: SopsFormat,
  ...[documents, metadata]: Parameters<(typeof STORES)[SopsFormat]['withMetadata']>
) {
  const store = STORES[format];
  return store.emit(store.withMetadata(documents, metadata)).toString();
}

/** Whole seconds, in UTC. */
function rfc3339(time: Date): string {
  return time.toISOString().replace(/\.\d+/, '');
}

function noRecipient(): SopsError {
  return new SopsError('sops-no-key', {
    attempted: 'encrypt',
    seen: 'there is nobody to encrypt it to',
    remedy: 'name a recipient: `--recipient age1…`, or a rule with `age:` in .sops.yaml that fits the path',
  });
}
