import { createHash, type Hash } from 'node:crypto';
import type { SopsRule } from './rule.ts';

/** The digest that SOPS keeps, encrypted, of all values in file order. Comments are in none. */
export class Mac {
  readonly #hash: Hash = createHash('sha512');
  readonly #onlyEncrypted: boolean;

  constructor({ macOnlyEncrypted }: SopsRule) {
    this.#onlyEncrypted = macOnlyEncrypted;
    if (macOnlyEncrypted) this.#hash.update(ONLY_ENCRYPTED_SEED);
  }

  /** Takes in the next value as it is unencrypted. */
  add(plain: Buffer, isEncrypted: boolean): void {
    if (isEncrypted || !this.#onlyEncrypted) this.#hash.update(plain);
  }

  digest(): string {
    return this.#hash.digest('hex').toUpperCase();
  }
}

/** Keeps a MAC of encrypted values alone from passing for one of all values. */
const ONLY_ENCRYPTED_SEED = createHash('sha256').update('sops').digest();
