import { DATA_KEY_BYTES } from '../cipher.ts';
import type { AgeRecipient } from '../metadata.ts';
import { damaged, SopsError } from '../sops-error.ts';
import { ageIdentities, badKey } from './identities.ts';
import { shortRecipient } from './short-recipient.ts';

type Age = typeof import('age-encryption');

/** Loaded when the first file is opened: most runs need none, and it takes its time. */
function loadAge(): Promise<Age> {
  return import(/* webpackMode: "eager" */ 'age-encryption');
}

/**
 * The key that a file's values are encrypted with, by any of the identities from any of the recipients.
 *
 * @throws SopsError `sops-no-key`, `sops-bad-key`, `sops-wrong-key` or `sops-damaged`
 */
export async function openDataKey(recipients: readonly AgeRecipient[], texts: readonly string[]): Promise<Buffer> {
  const identities = ageIdentities(texts);
  const age = await loadAge();
  const owned = await recipientsOf(identities, age);
  const decrypter = new age.Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  for (const { encrypted } of recipients) {
    const dataKey = await unwrapped(encrypted, decrypter, age);
    if (dataKey?.length === DATA_KEY_BYTES) return dataKey;
  }
  const own = recipients.find(({ recipient }) => owned.has(recipient));
  throw own ? unreadable(own) : wrongKey(recipients);
}

/** The public parts of keys; each is checked by the way. */
async function recipientsOf(identities: readonly string[], age: Age): Promise<ReadonlySet<string>> {
  const recipients = new Set<string>();
  for (const [index, identity] of identities.entries()) {
    // The library's error may quote the key.
    const recipient = await age.identityToRecipient(identity).catch(() => undefined);
    if (recipient === undefined) throw badKey(index, identities);
    recipients.add(recipient);
  }
  return recipients;
}

async function unwrapped(encrypted: string, decrypter: InstanceType<Age['Decrypter']>, age: Age) {
  try {
    return Buffer.from(await decrypter.decrypt(age.armor.decode(encrypted)));
  } catch {
    return undefined;
  }
}

/** The data key encrypted to a recipient, armored. Throws SopsError `sops-bad-key` if it is none of age. */
export async function wrapDataKey(dataKey: Buffer, recipient: string): Promise<string> {
  const age = await loadAge();
  const encrypter = new age.Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw badRecipient(recipient);
  }
  return age.armor.encode(await encrypter.encrypt(dataKey));
}

function badRecipient(recipient: string): SopsError {
  const isSecret = /^AGE-SECRET-KEY-/i.test(recipient);
  const kind = /^ssh-/.test(recipient) ? 'an SSH key, and those are not supported' : 'no recipient of age';
  return new SopsError('sops-bad-key', {
    attempted: 'encrypt',
    seen: isSecret ? 'a secret key was given as a recipient' : `\`${recipient}\` is ${kind}`,
    remedy: 'a recipient begins with age1: `age-keygen -y KEYFILE` prints it',
  });
}

function wrongKey(recipients: readonly AgeRecipient[]): SopsError {
  return new SopsError('sops-wrong-key', {
    attempted: 'decrypt',
    seen: `none of the keys given opens it; its recipients are ${recipients.map(({ recipient }) => shortRecipient(recipient)).join(', ')}`,
    remedy: 'give the key of one of them, or let somebody who has it add yours to .sops.yaml: `sops updatekeys FILE`',
  });
}

function unreadable({ recipient, line }: AgeRecipient): SopsError {
  return damaged(`the data key for ${shortRecipient(recipient)} was changed`, { line, column: 1 });
}
