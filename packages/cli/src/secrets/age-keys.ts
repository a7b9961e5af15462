import { readAgeIdentities } from '@gitops/secrets';

/** The age keys of whoever runs this. */
export async function ageKeys(env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  return (await readAgeIdentities(env)).map(({ text }) => text);
}
