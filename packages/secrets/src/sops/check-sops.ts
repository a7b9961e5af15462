import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { unencryptedValues } from '../scan/unencrypted-value.ts';
import { decryptSops } from './decrypt.ts';
import { inspectSops, type SopsFile } from './inspect.ts';
import { SopsError } from './sops-error.ts';
import type { RunSops } from './sops-program.ts';

/** What is known of a file that should be one of SOPS. */
export interface CheckedSops {
  readonly file: string;
  /** Undefined if it could not be read. */
  readonly sops: SopsFile | undefined;
  readonly findings: readonly Finding[];
  /** Why it was not compared with its MAC; undefined if it was. */
  readonly undecrypted: string | undefined;
}

/** Checks a file: what can be seen without a key, and with one that opens it whether somebody changed it without SOPS. */
export async function checkSops(
  file: string,
  text: string,
  identities: readonly string[],
  runSops?: RunSops,
): Promise<CheckedSops> {
  try {
    const sops = inspectSops(text);
    const findings = unencryptedValues({ path: file, text, sops });
    if (findings.length > 0) return { file, sops, findings, undecrypted: 'values are unencrypted' };
    return await decrypted(file, text, sops, identities, runSops);
  } catch (error) {
    return { file, sops: undefined, findings: [asFinding(file, error)], undecrypted: 'it could not be read' };
  }
}

/** A key that is not there, or is somebody else's, is no fault of the file. */
const NOT_OPENED: ReadonlySet<string> = new Set(['sops-no-key', 'sops-wrong-key', 'sops-unsupported']);

async function decrypted(
  file: string,
  text: string,
  sops: SopsFile,
  identities: readonly string[],
  runSops: RunSops | undefined,
): Promise<CheckedSops> {
  try {
    await decryptSops(text, identities, runSops);
    return { file, sops, findings: [], undecrypted: undefined };
  } catch (error) {
    if (error instanceof SopsError && error.code === 'sops-bad-key') throw error;
    const isOpened = !(error instanceof SopsError && NOT_OPENED.has(error.code));
    const seen = error instanceof SopsError ? error.seen : '';
    return { file, sops, findings: isOpened ? [asFinding(file, error)] : [], undecrypted: seen };
  }
}

function asFinding(file: string, error: unknown): Finding {
  // What is wrong with the key is told at once, not file by file.
  if (!(error instanceof SopsError) || error.code === 'sops-bad-key') throw error;
  return secretFinding('secret/bad-sops', { file, ...error.position }, error.seen, error.remedy);
}
