/**
 * The initialisation vectors of a file's values. A value that did not change is encrypted with its own again, so that its
 * ciphertext stays the same and a diff shows only what changed.
 */
export class UsedIvs {
  readonly #ivs = new Map<string, string[]>();

  remember(place: string, type: string, plain: Buffer, iv: string): void {
    const key = keyOf(place, type, plain);
    this.#ivs.set(key, [...(this.#ivs.get(key) ?? []), iv]);
  }

  /** The next one of this very value at this very place. */
  take(place: string, type: string, plain: Buffer): Buffer<ArrayBuffer> | undefined {
    const iv = this.#ivs.get(keyOf(place, type, plain))?.shift();
    return iv === undefined ? undefined : Buffer.from(iv, 'base64');
  }
}

function keyOf(place: string, type: string, plain: Buffer): string {
  return JSON.stringify([place, type, plain.toString('base64')]);
}
