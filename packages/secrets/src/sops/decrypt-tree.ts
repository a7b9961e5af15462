import { decryptValue } from './cipher.ts';
import { parseEncrypted } from './encrypted-value.ts';
import { Mac } from './mac.ts';
import type { SopsMetadata } from './metadata.ts';
import { isRuledEncrypted } from './rule.ts';
import { damaged, SopsError } from './sops-error.ts';
import { changeLeaves, type ScalarType, type SopsComment, type SopsMap, type SopsScalar, type Where } from './tree.ts';
import { UsedIvs } from './used-ivs.ts';

/** The values of a SOPS file in the clear. */
export interface DecryptedTree {
  readonly documents: readonly SopsMap[];
  /** What each value was encrypted with. */
  readonly ivs: UsedIvs;
  /** The decrypted values, without those that stood in the file unencrypted. */
  readonly secrets: readonly string[];
}

/**
 * Decrypts every value and compares all of them with the MAC.
 *
 * @throws SopsError `sops-not-encrypted`, `sops-damaged` or `sops-mac-mismatch`
 */
export function decryptTree(documents: readonly SopsMap[], metadata: SopsMetadata, dataKey: Buffer): DecryptedTree {
  const decryption = new Decryption(metadata, dataKey);
  const decrypted = documents.map((document) => changeLeaves(document, decryption));
  decryption.verify();
  return { documents: decrypted, ivs: decryption.ivs, secrets: decryption.secrets };
}

const TYPES: ReadonlySet<string> = new Set<ScalarType>(['str', 'int', 'float', 'bool', 'bytes', 'time']);

class Decryption {
  readonly ivs = new UsedIvs();
  readonly secrets: string[] = [];
  readonly #metadata: SopsMetadata;
  readonly #dataKey: Buffer;
  readonly #mac: Mac;

  constructor(metadata: SopsMetadata, dataKey: Buffer) {
    this.#metadata = metadata;
    this.#dataKey = dataKey;
    this.#mac = new Mac(metadata.rule);
  }

  scalar(scalar: SopsScalar, where: Where): SopsScalar {
    const isEncrypted = isRuledEncrypted(this.#metadata.rule, { ...where, isComment: false });
    if (scalar.type === 'null' || scalar.text === '') return scalar;
    const plain = isEncrypted ? this.#decrypted(scalar, where) : scalar;
    this.#mac.add(plain.bytes ?? Buffer.from(plain.text), isEncrypted);
    return plain;
  }

  #decrypted(scalar: SopsScalar, { path }: Where): SopsScalar {
    const value = parseEncrypted(scalar.text);
    if (!value) throw unencrypted(path, scalar);
    const place = placeOf(path);
    const bytes = decryptValue(value, this.#dataKey, place);
    if (!bytes || !isType(value.type))
      throw damaged(`the value of ${named(path)} is not what was encrypted under that name`, scalar.at);
    this.ivs.remember(place, value.type, bytes, value.iv);
    const text = bytes.toString();
    this.secrets.push(text);
    return { ...scalar, type: value.type, text, bytes };
  }

  /** SOPS leaves a comment that it can't decrypt as it is, since older versions did not encrypt any. */
  comment(comment: SopsComment, where: Where): SopsComment {
    const isEncrypted = isRuledEncrypted(this.#metadata.rule, { ...where, isComment: true });
    const value = isEncrypted ? parseEncrypted(comment.text) : undefined;
    const place = placeOf(where.path);
    const bytes = value && decryptValue(value, this.#dataKey, place);
    if (!value || !bytes) return comment;
    if (value.type !== 'comment') throw damaged('a comment was encrypted as a value', comment.at);
    this.ivs.remember(place, value.type, bytes, value.iv);
    return { ...comment, text: bytes.toString() };
  }

  verify(): void {
    const { mac, lastModified } = this.#metadata;
    const value = parseEncrypted(mac);
    const told = value && decryptValue(value, this.#dataKey, lastModified)?.toString();
    if (told !== this.#mac.digest()) throw mismatch(told === undefined);
  }
}

/** What SOPS authenticates with each value: the names on the way to it, without indexes of lists. */
export function placeOf(path: Where['path']): string {
  return `${path.filter((part) => typeof part === 'string').join(':')}:`;
}

function named(path: Where['path']): string {
  return `\`${path.join('.')}\``;
}

function isType(type: string): type is ScalarType {
  return TYPES.has(type);
}

function unencrypted(path: Where['path'], { at }: SopsScalar): SopsError {
  return new SopsError('sops-not-encrypted', {
    attempted: 'decrypt',
    seen: `the value of ${named(path)} stands in the file unencrypted`,
    remedy: 'take the line out and add it by `gitops secrets edit FILE`; if it was committed, change that secret too',
    position: at,
  });
}

function mismatch(isOfAnotherTime: boolean): SopsError {
  const seen = isOfAnotherTime
    ? 'its MAC does not belong to this file or to this time of last change'
    : 'its MAC does not fit its values: some were added, removed, moved or changed without SOPS';
  const remedy =
    'see in `git log -p FILE` who changed it and how; take the last version that could be decrypted, and make the later changes by `gitops secrets edit FILE`';
  return new SopsError('sops-mac-mismatch', { attempted: 'decrypt', seen, remedy });
}
