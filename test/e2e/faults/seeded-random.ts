import { randomInt } from 'node:crypto';

/** Where the random instants of this test run come from: `GITOPS_FAULTS_SEED`, to see again what was seen before. */
export const seed: number = Number(process.env['GITOPS_FAULTS_SEED'] ?? randomInt(2 ** 31));

/** Numbers from 0 up to 1, the same ones for the same seed: Marsaglia's xorshift, spread by a golden ratio. */
export function seededRandom(start: number): () => number {
  let state = Math.imul(start + 1, 0x9e3779b1) >>> 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  // The first numbers of neighbouring seeds are alike.
  for (let round = 0; round < 8; round++) next();
  return next;
}
