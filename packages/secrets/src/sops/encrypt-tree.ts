import { encryptValue } from './cipher.ts';
import { placeOf } from './decrypt-tree.ts';
import { Mac } from './mac.ts';
import { isRuledEncrypted, type SopsRule } from './rule.ts';
import { changeLeaves, type SopsComment, type SopsMap, type SopsScalar, type Where } from './tree.ts';
import type { UsedIvs } from './used-ivs.ts';

/** The values of a file encrypted, and the encrypted MAC over all of them. */
interface EncryptedTree {
  readonly documents: readonly SopsMap[];
  readonly mac: string;
}

/** What a file is encrypted with. */
interface Encrypting {
  readonly rule: SopsRule;
  readonly dataKey: Buffer;
  /** RFC 3339; the MAC is bound to it. */
  readonly lastModified: string;
  readonly ivs: UsedIvs;
}

/** Encrypts what the rule says. */
export function encryptTree(documents: readonly SopsMap[], encrypting: Encrypting): EncryptedTree {
  const encryption = new Encryption(encrypting);
  const encrypted = documents.map((document) => changeLeaves(document, encryption));
  return { documents: encrypted, mac: encryption.mac() };
}

class Encryption {
  readonly #with: Encrypting;
  readonly #mac: Mac;

  constructor(encrypting: Encrypting) {
    this.#with = encrypting;
    this.#mac = new Mac(encrypting.rule);
  }

  scalar(scalar: SopsScalar, where: Where): SopsScalar {
    const isEncrypted = isRuledEncrypted(this.#with.rule, { ...where, isComment: false });
    if (scalar.type === 'null') return scalar;
    const plain = scalar.bytes ?? Buffer.from(scalar.text);
    this.#mac.add(plain, isEncrypted);
    if (!isEncrypted || plain.length === 0) return scalar;
    return { kind: 'scalar', type: 'str', text: this.#encrypted(plain, scalar.type, where), at: scalar.at };
  }

  comment(comment: SopsComment, where: Where): SopsComment {
    const isEncrypted = isRuledEncrypted(this.#with.rule, { ...where, isComment: true });
    if (!isEncrypted || comment.text === '') return comment;
    return { ...comment, text: this.#encrypted(Buffer.from(comment.text), 'comment', where) };
  }

  #encrypted(plain: Buffer, type: string, { path }: Where): string {
    const place = placeOf(path);
    return encryptValue(plain, type, this.#with.dataKey, place, this.#with.ivs.take(place, type, plain));
  }

  mac(): string {
    const { dataKey, lastModified } = this.#with;
    return encryptValue(Buffer.from(this.#mac.digest()), 'str', dataKey, lastModified);
  }
}
