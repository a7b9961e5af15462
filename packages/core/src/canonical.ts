import { createHash, createHmac, scryptSync } from 'node:crypto';

/** JSON with sorted keys, so that equal data gives equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (isPlain(inner) ? sorted(inner) : inner));
}

/** Hex SHA-256 of equal data is equal. */
export function digest(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}

/**
 * A hash that may leave the host although the value holds secrets: HMAC with the host's key, and before the host has a
 * key a hash that is slow to guess.
 */
export function publicDigest(value: unknown, key: string | undefined): string {
  const text = canonical(value);
  return key === undefined
    ? scryptSync(text, 'gitops.plan', 32).toString('hex')
    : createHmac('sha256', key).update(text).digest('hex');
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
