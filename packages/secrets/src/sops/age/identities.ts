import { SopsError } from '../sops-error.ts';

const IDENTITY = /^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/;

/**
 * The age keys in texts such as a whole `keys.txt`, where empty lines and comments are allowed.
 *
 * @throws SopsError `sops-no-key` or `sops-bad-key`, neither with any part of a text
 */
export function ageIdentities(texts: readonly string[]): readonly string[] {
  const lines = texts.flatMap((text) => text.split(/\r?\n/)).map((line) => line.trim());
  const keys = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (keys.length === 0) throw noKey();
  for (const [index, key] of keys.entries()) if (!IDENTITY.test(key.toUpperCase())) throw badKey(index, keys);
  return [...new Set(keys.map((key) => key.toUpperCase()))];
}

function noKey(): SopsError {
  return new SopsError('sops-no-key', {
    attempted: 'decrypt',
    seen: 'no age key was given',
    remedy:
      'give one: SOPS_AGE_KEY, SOPS_AGE_KEY_FILE or ~/.config/sops/age/keys.txt here, the input `sops-age-key` in an action',
  });
}

/** What the text is instead, by its form. Only its number is told, as it may be a secret. */
export function badKey(index: number, keys: readonly string[]): SopsError {
  const key = keys[index] ?? '';
  const which = keys.length === 1 ? 'the age key' : `age key ${index + 1} of ${keys.length}`;
  const [seen, remedy] = OTHERS.find(([form]) => form.test(key))?.slice(1) ?? [
    'is none',
    'a key is one line that begins with AGE-SECRET-KEY-1 or AGE-SECRET-KEY-PQ-1; copy it whole',
  ];
  return new SopsError('sops-bad-key', { attempted: 'decrypt', seen: `${which} ${seen}`, remedy: `${remedy}` });
}

const PLAIN_AGE = 'make an age key with `age-keygen` and add its recipient to the file: `sops updatekeys FILE`';

const OTHERS: readonly (readonly [RegExp, string, string])[] = [
  [/^-----BEGIN (?:OPENSSH|RSA) PRIVATE KEY/, 'is an SSH key, and those are not supported', PLAIN_AGE],
  [/^-----BEGIN AGE ENCRYPTED FILE/, 'is locked with a passphrase', 'unlock it: `age -d KEYFILE`'],
  [/^AGE-PLUGIN-/i, 'belongs to a plugin of age, and those are not supported', PLAIN_AGE],
  [/^age1/i, 'is a recipient, the public part of a key', 'give the line that begins with AGE-SECRET-KEY-'],
];
