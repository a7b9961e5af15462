/** `ENC[AES256_GCM,…]` taken apart; the parts are base64. */
export interface EncryptedValue {
  readonly data: string;
  readonly iv: string;
  readonly tag: string;
  readonly type: string;
}

const ENCRYPTED = /^ENC\[AES256_GCM,data:([^,\]]+),iv:([^,\]]+),tag:([^,\]]+),type:([^,\]]+)\]$/;

/** A value as SOPS writes it encrypted; undefined if it is none. */
export function parseEncrypted(text: string): EncryptedValue | undefined {
  const [, data, iv, tag, type] = ENCRYPTED.exec(text) ?? [];
  return data && iv && tag && type ? { data, iv, tag, type } : undefined;
}
