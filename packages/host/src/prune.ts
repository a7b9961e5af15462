import { cutsFor, GitopsError, type PrunedItem, type RetentionSpec, type StoredReleases } from '@gitops/core';
import { splitParts } from './parts.ts';
import { PROGRAMS } from './programs.generated.ts';
import { lines } from './recorded.ts';
import type { Connection, RemoteScript } from './ssh/index.ts';

const READ_MS = 60_000;
const PRUNE_MS = 300_000;

export interface PruneInput {
  readonly connection: Connection;
  /** The environment's folder. */
  readonly folder: string;
  readonly fence: number;
  readonly retention: RetentionSpec;
  readonly now: Date;
}

/** Removes what no way back needs any more, and says what. Throws `GitopsError` `not-pruned`. */
export async function prune({ connection, folder, fence, retention, now }: PruneInput): Promise<readonly PrunedItem[]> {
  const inventory = await ask(connection, {
    what: 'list the releases',
    script: PROGRAMS.inventory,
    args: [folder],
    timeoutMs: READ_MS,
  });
  const { remove, strip } = cutsFor(parseInventory(splitParts(inventory)), retention, now);
  const orders = [...remove.map((name) => `remove ${name}`), ...strip.map((name) => `strip ${name}`)];
  const answer = await ask(connection, {
    what: 'remove old releases',
    script: PROGRAMS.prune,
    args: [folder, String(fence)],
    stdin: orders.map((order) => `${order}\n`).join(''),
    timeoutMs: PRUNE_MS,
  });
  return lines(answer).map(parseItem);
}

/** Reads the answer of the program `inventory`. */
export function parseInventory(parts: ReadonlyMap<string, string>): StoredReleases {
  const made = new Map<string, number>();
  for (const line of lines(parts.get('made'))) {
    const [, name = '', date = ''] = /^(\S+) "createdAt":"(.*)"$/.exec(line) ?? [];
    if (!made.has(name)) made.set(name, Date.parse(date));
  }
  const secrets = new Set(lines(parts.get('secrets')));
  const mounted = new Set(lines(parts.get('mounts')).map((path) => path.split('/')[0]));
  const releases = lines(parts.get('folders')).map((name) => {
    const madeAt = made.get(name);
    return {
      name,
      ...(madeAt !== undefined && { madeAt }),
      hasSecrets: secrets.has(name),
      isMounted: mounted.has(name),
    };
  });
  return { current: parts.get('current')?.trim() ?? '', releases };
}

/** `done KIND NAME` or `failed KIND NAME WHY` */
function parseItem(line: string): PrunedItem {
  const [end = '', kind = '', name = '', ...why] = line.split(' ');
  return { kind, name, ...(end !== 'done' && { fault: why.join(' ') || 'no reason was given' }) };
}

async function ask(connection: Connection, script: RemoteScript): Promise<string> {
  const { code, stdout, stderr } = await connection.run(script);
  if (code === 0) return stdout.toString('utf8');
  const seen = code === 4 ? 'the lease was lost to another run' : `exit code ${code}: ${stderr.trim()}`;
  throw new GitopsError('not-pruned', {
    attempted: `${script.what} on ${connection.label}`,
    seen,
    remedy: 'what was deployed stands; the next deployment tries again',
  });
}
