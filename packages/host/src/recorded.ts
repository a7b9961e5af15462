import {
  GitopsError,
  type Hold,
  HoldsSchema,
  type Recorded,
  type Release,
  ReleaseSchema,
  type SeenThrough,
  SeenThroughSchema,
  type TransactionState,
  type TransactionStatus,
} from '@gitops/core';
import * as v from 'valibot';
import { parseHolder } from './lease.ts';

const Alias = v.pipe(v.string(), v.parseJson(), v.object({ commit: v.string(), inputsDigest: v.string() }));
const STATES = [
  'staged',
  'applying',
  'awaiting',
  'confirming',
  'reverting',
  'frozen',
  'confirmed',
  'reverted',
  'revert-failed',
] as const;
const State = v.fallback(v.picklist(STATES), 'staged');

/** A release as it lies on the host. */
const Manifest = v.pipe(v.string(), v.parseJson(), ReleaseSchema);

/** The lines of a part that say something. */
export function lines(text: string | undefined): readonly string[] {
  return (text ?? '').split('\n').filter((line) => line.trim() !== '');
}

/** Reads the answer of the program `recall`. */
export function parseRecorded(parts: ReadonlyMap<string, string>): Recorded {
  // A release that is current but has no manifest is not «never deployed»: going back would remove everything.
  const current = parts.get('current')?.trim() ?? '';
  const isDeployed = current !== '';
  const [id, ...status] = (parts.get('transaction') ?? '').trim().split(' ');
  const transaction = id ? parseStatus(Number(id), status.join(' ')) : undefined;
  if (!isDeployed && Number(parts.get('manifests') ?? 0) > 0) refuseLostCurrent(transaction);
  const release = isDeployed ? parseRelease(current, parts.get('manifest')?.trim() ?? '') : undefined;
  const alias = v.safeParse(Alias, parts.get('alias')?.trim() ?? '');
  const newest = alias.success ? alias.output : release;
  const [fence, purpose = '', holder = ''] = lines(parts.get('lease'));
  const hmacKey = parts.get('key')?.trim() ?? '';
  const candidate = parseCandidate(parts.get('candidate'));
  return {
    ...(release && { release }),
    ...(newest && { inputsDigest: newest.inputsDigest, commit: newest.commit }),
    ...(hmacKey !== '' && { hmacKey }),
    ...(fence !== undefined && { lease: parseHolder(Number(fence), purpose, holder) }),
    ...(transaction && { transaction }),
    ...(candidate && { candidate }),
    // Read by those who heed them alone: a file that nobody can read must not keep a host from being recovered.
    get holds() {
      return parseHolds(parts.get('held'));
    },
    damagedObjects: lines(parts.get('damaged')),
    highestFence: Number(parts.get('highest')?.trim() ?? 0),
    ...parseHead(parts.get('audit')),
  };
}

/** What nobody can read, nobody can see through: it goes back. */
function parseCandidate(text = ''): SeenThrough | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), SeenThroughSchema), text);
  return result.success ? result.output : undefined;
}

function parseHolds(text = ''): readonly Hold[] {
  if (text.trim() === '') return [];
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), HoldsSchema), text);
  if (result.success) return result.output.holds;
  const [issue] = result.issues;
  throw new GitopsError('record-unreadable', {
    attempted: 'read held.json in the state folder of the environment',
    seen: `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`,
    remedy: 'it was changed by hand, or is of another version: mend it, or remove it, which lifts every hold',
  });
}

/** `STATE PID START_TIME BOOT_ID UPTIME DETAIL`, and the head of the audit trail on a line of its own where it is told. */
export function parseStatus(id: number, said: string): TransactionStatus {
  const [state, , , , , ...detail] = (said.trim().split('\n')[0] ?? '').split(' ');
  const known: TransactionState = v.parse(State, state);
  return { id, state: known, detail: detail.join(' '), ...parseHead(said) };
}

/** `audit HASH`, on a line of its own. */
function parseHead(said: string | undefined): { readonly auditHead?: string } {
  const [, auditHead] = /^audit ([0-9a-f]{64})$/m.exec(said ?? '') ?? [];
  return auditHead === undefined ? {} : { auditHead };
}

/** Reads `manifest.json` of the release of that name. Throws `GitopsError` `record-unreadable`. */
export function parseRelease(name: string, text: string): Release {
  const result = v.safeParse(Manifest, text);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new GitopsError('record-unreadable', {
    attempted: `read releases/${name}/manifest.json in the state folder of the environment`,
    seen: `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`,
    remedy:
      'it is torn, or of another version of gitops-coordinator: use that version, or name an older release in `current`',
  });
}

/** While a first release is being confirmed there is a manifest before there is a `current`; at rest there is not. */
function refuseLostCurrent(transaction: TransactionStatus | undefined): void {
  if (transaction && !['confirmed', 'reverted', 'revert-failed'].includes(transaction.state)) return;
  throw new GitopsError('record-unreadable', {
    attempted: 'read which release is current on the host',
    seen: 'the file `current` is missing, although there are releases',
    remedy: 'write the name of the release that runs into `current`, in the state folder of the environment',
  });
}
