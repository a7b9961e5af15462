import { SopsError } from '../sops-error.ts';

/** The error that work ends with; fails if it is none of SOPS. */
export async function caught(work: () => unknown): Promise<SopsError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof SopsError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
