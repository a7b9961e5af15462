import type { Finding } from '@gitops/core';
import { ruleOfSopsError } from '../rule-of-sops-error.ts';
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
    const finding = asFinding(file, error);
    // A key that is not there, or is somebody else's, is no fault of the file.
    return {
      file,
      sops,
      findings: finding.rule === 'secret/not-opened' ? [] : [finding],
      undecrypted: finding.message,
    };
  }
}

function asFinding(file: string, error: unknown): Finding {
  // What is wrong with the key is told at once, not file by file.
  if (!(error instanceof SopsError) || error.code === 'sops-bad-key') throw error;
  return secretFinding(ruleOfSopsError(error.code), { file, ...error.position }, error.seen, error.remedy);
}
