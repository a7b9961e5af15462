import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EncryptedValue } from './encrypted-value.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 32;
const TAG_BYTES = 16;
/** Of the key that all values of a file are encrypted with. */
export const DATA_KEY_BYTES = 32;

/** Decrypts a value; undefined if it was not encrypted with this key for this place (`place` is authenticated with it). */
export function decryptValue(value: EncryptedValue, dataKey: Buffer, place: string): Buffer | undefined {
  const [data, iv, tag] = [value.data, value.iv, value.tag].map(strictBase64);
  // Node takes shorter tags, which would be easier to forge.
  if (!data || !iv || tag?.length !== TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, dataKey, iv, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(place));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** Encrypts a value as SOPS does; an `iv` is one that this very value was encrypted with at this place before. */
export function encryptValue(
  plain: Buffer,
  type: string,
  dataKey: Buffer,
  place: string,
  iv = randomBytes(IV_BYTES),
): string {
  const cipher = createCipheriv(ALGORITHM, dataKey, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(place));
  const data = Buffer.concat([cipher.update(plain), cipher.final()]);
  const [data64, iv64, tag64] = [data, iv, cipher.getAuthTag()].map((part) => part.toString('base64'));
  return `ENC[AES256_GCM,data:${data64},iv:${iv64},tag:${tag64},type:${type}]`;
}

/** Node skips over what is no base64. */
function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}
