import { tellingName } from './telling-name.ts';

/** Something is filled in here later, so that what is written is no secret. */
const TEMPLATE = /(?<!\$)\$[{(A-Za-z_]|\{\{|\{[$%]|\{env\.|^%[A-Za-z_]\w*%$|^<[^<>]*>$|^\[[A-Za-z_ -]+\]$/;
/** The place where another program keeps the secret. */
const REFERENCE = /^(?:vault|env|file|secret|ssm|op|bws|keyring|ref\+[a-z]+):/;
/** What SOPS and Ansible have encrypted, and public keys of age. */
const SEALED = /^ENC\[|^\$ANSIBLE_VAULT|^age1[a-z0-9]+$|^-----BEGIN AGE ENCRYPTED FILE/;
/** Passwords that went through a one-way function: `crypt`, bcrypt, argon2; Compose has each `$` twice. */
const HASHED = /\$(?:1|2[abxy]|5|6|7|y|apr1|argon2(?:id|i|d)|pbkdf2[\w-]*|scrypt)\$/;
const PLACEHOLDER =
  /change[-_ ]?(?:me|it|this)|example|placeholder|replace[-_ ]?(?:me|with|this)|your[-_ ]|redacted|dummy|to[-_ ]?do|fix[-_ ]?me|insert[-_ ]|fill[-_ ]?(?:in|me)|xxxx|^x+$|\*{3}|\.{3}|…/i;
/** Words that stand for a state, a permission or a type. */
const WORD =
  /^(?:true|false|yes|no|on|off|null|none|nil|undefined|~|0|1|y|n|read|write|inherit|required|optional|auto|default|enabled?|disabled?|string|integer|number|boolean|any|all|never|always|unset|empty|__token__)$/i;
const PATH =
  /^(?:~|\.{1,2})?\/(?:[\w.@-]+\/)+[\w.@-]*$|^\.{1,2}\/[\w./@-]+$|^[\w./-]+\.(?:txt|key|pem|crt|json|ya?ml)$/;
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^\s@]*$/i;
/** Three words and more are a sentence. */
const PROSE = /\S\s+\S+\s+\S/;

const SHORTEST = 3;
const SHORTEST_KEY = 8;

/** A template, an encrypted value, or what everybody writes where a secret is to be put. */
export function isPlaceholder(value: string): boolean {
  return (
    TEMPLATE.test(value) || REFERENCE.test(value) || SEALED.test(value) || HASHED.test(value) || PLACEHOLDER.test(value)
  );
}

/** Whether a value that is written under a name is a secret in clear. */
export function isSecretLiteral(name: string, value: string): boolean {
  const telling = tellingName(name);
  if (telling === undefined || value.length < SHORTEST || isPlaceholder(value)) return false;
  if (WORD.test(value) || PATH.test(value) || ADDRESS.test(value)) return false;
  if (PROSE.test(value) && !/phrase/i.test(name)) return false;
  return telling === 'secret' || (value.length >= SHORTEST_KEY && looksLikeKey(value));
}

/** Not a word, a host or a list of them: a digit among letters, or both cases, in one run. */
function looksLikeKey(value: string): boolean {
  if (/[\s,]/.test(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9._-]/].filter((kind) => kind.test(value));
  return classes.length >= 2;
}

const RANDOM = /^[A-Za-z0-9+/_.=~-]{20,}$/;
const HEX = /^[0-9a-f]{32,}$/i;
/** Bits per character: English text has fewer, and so has what people think up. */
const ENTROPY = { text: 3.5, hex: 3 };
/** Random letters and digits hardly ever have so many small letters in a row; names made of words do. */
const WORD_RUN = /[a-z]{8}/;

/** Whether a text looks as if a generator had made it, whatever its name. */
export function looksRandom(value: string): boolean {
  if (HEX.test(value)) return entropyOf(value) >= ENTROPY.hex;
  if (!RANDOM.test(value) || WORD_RUN.test(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  return entropyOf(value) >= ENTROPY.text;
}

/** Shannon's entropy in bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}
