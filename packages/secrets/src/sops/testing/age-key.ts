import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';

/** A key that was made for this test. */
export interface AgeKey {
  readonly identity: string;
  readonly recipient: string;
}

export async function freshKey(): Promise<AgeKey> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** One that a quantum computer could not open either. */
export async function freshPostQuantumKey(): Promise<AgeKey> {
  const identity = await generateHybridIdentity();
  return { identity, recipient: await identityToRecipient(identity) };
}
