import { GitopsError, keyOf } from '@gitops/core';
import { type Connection, entry, PROGRAMS, packTar, type TarEntry } from '@gitops/host';
import type { PinnedStack } from './pin.ts';

const HASH_MS = 60_000;

/** A stack as Compose is given it. */
export type FinalStack = Pick<PinnedStack, 'stack' | 'pinned' | 'env'>;

/** Lets the host's Compose read the final files, before anything is changed by them: its hash of every service, by `keyOf`. */
export async function hashesOf(
  connection: Connection,
  stacks: readonly FinalStack[],
): Promise<ReadonlyMap<string, string>> {
  const { code, stdout, stderr } = await connection.run({
    what: 'check the final project',
    script: PROGRAMS.hash,
    args: stacks.map(({ stack }) => stack),
    stdin: packTar(stacks.flatMap((each) => finalFiles(`${each.stack}/`, each))),
    timeoutMs: HASH_MS,
  });
  if (code !== 0) throw notReadable(connection.label, stderr);
  const lines = stdout.toString('utf8').split('\n');
  return new Map(lines.filter((line) => line.trim() !== '').map(hashLine));
}

/** The two files by which Compose brings a stack about; `folder` ends with a slash, or is empty. */
export function finalFiles(folder: string, { pinned, env }: FinalStack): readonly TarEntry[] {
  // JSON is YAML that no two parsers read differently.
  const rendered = `${JSON.stringify(pinned, undefined, 2)}\n`;
  return [
    entry(`${folder}rendered.yml`, rendered),
    { path: `${folder}env`, content: withoutProfiles(env), mode: 0o600 },
  ];
}

/** Profiles have done their part when the project was rendered; `*` would activate even what an overlay puts out of reach. */
function withoutProfiles(env: Buffer): Buffer {
  return env.includes('COMPOSE_PROFILES') ? Buffer.concat([env, Buffer.from('\nCOMPOSE_PROFILES=\n')]) : env;
}

/** `PROJECT SERVICE HASH`, with any blanks between. */
function hashLine(line: string): readonly [string, string] {
  const [stack = '', name = '', hash = ''] = line.trim().split(/\s+/);
  return [keyOf({ stack, name }), hash];
}

function notReadable(label: string, stderr: string): GitopsError {
  return new GitopsError('final-refused', {
    attempted: `let Compose on ${label} read the final project`,
    seen: stderr.trim(),
    remedy: 'nothing was changed; please report this with the Compose file',
  });
}
