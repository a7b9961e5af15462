import { readAgeIdentities, type SopsKeys, sopsOnPath } from '@gitops/secrets';

/** What opens encrypted files for the person at this machine, as SOPS finds it. */
export async function readSopsKeys(): Promise<SopsKeys> {
  const identities = await readAgeIdentities(process.env);
  return { identities: identities.map(({ text }) => text), runSops: sopsOnPath(process.env) };
}
