import type { OpenedSops } from './open-sops.ts';
import { SopsError } from './sops-error.ts';

/** How a run of the program `sops` ended. */
export interface SopsRun {
  /** Undefined if it was ended by force. */
  readonly exitCode: number | undefined;
  readonly stdout: Buffer;
}

/**
 * Runs `sops` with these words in front of a file of this content; undefined if it is not installed. `identities` are given to
 * it beside what its environment has.
 */
export type RunSops = (
  words: readonly string[],
  content: string,
  identities: readonly string[],
) => Promise<SopsRun | undefined>;

/** Exit codes of sops (cmd/sops/codes). */
const MAC_MISMATCH = 51;
const NO_DATA_KEY = 128;

/**
 * Decrypts a file by the program `sops`, which knows PGP, the key services of clouds and key groups.
 *
 * @throws SopsError
 */
export async function decryptByProgram(
  text: string,
  { format, metadata }: OpenedSops,
  identities: readonly string[],
  run: RunSops,
): Promise<Buffer> {
  const kind = metadata.otherKeys ?? '';
  const ended = await run(['--decrypt', '--input-type', format, '--output-type', format], text, identities);
  if (!ended) throw needsProgram(kind);
  if (ended.exitCode !== 0) throw failed(ended.exitCode, kind, format);
  return ended.stdout;
}

/** What it says may quote the file, so only its exit code is told. */
function failed(exitCode: number | undefined, kind: string, format: string): SopsError {
  const remedy = `see what it says: \`sops --decrypt --input-type ${format} --output-type ${format} FILE\``;
  if (exitCode === MAC_MISMATCH) {
    const seen = 'its MAC does not fit its values: some were added, removed, moved or changed without SOPS';
    return new SopsError('sops-mac-mismatch', { attempted: 'decrypt', seen, remedy });
  }
  if (exitCode === NO_DATA_KEY) {
    const seen = `\`sops\` could not open it with ${kind}`;
    return new SopsError('sops-wrong-key', { attempted: 'decrypt', seen, remedy });
  }
  const seen = exitCode === undefined ? '`sops` did not end in time' : `\`sops\` ended with exit code ${exitCode}`;
  return new SopsError('sops-unsupported', { attempted: 'decrypt', seen, remedy });
}

/** Age can't open the file. */
export function needsProgram(kind: string): SopsError {
  return new SopsError('sops-unsupported', {
    attempted: 'decrypt',
    seen: `it is opened by ${kind}, which only the program \`sops\` can`,
    remedy: 'install sops 3.10 or newer here, or add a recipient of age: `sops rotate --in-place --add-age age1… FILE`',
  });
}
