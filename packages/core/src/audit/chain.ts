import { createHash } from 'node:crypto';
import { isRecord } from './record-text.ts';

/** What the first record names as the one before it. */
export const NO_HEAD = '0'.repeat(64);

/** What is wrong with an audit trail, and at which line (from 1). */
export interface ChainFault {
  readonly line: number;
  readonly kind: 'changed' | 'removed' | 'inserted' | 'reordered' | 'torn' | 'cut-off';
  /** For people. */
  readonly seen: string;
}

/** Whether an audit trail is what its writers made it. */
export interface ChainCheck {
  readonly records: number;
  /** SHA-256 of the last whole line; zeros before the first. */
  readonly head: string;
  readonly fault?: ChainFault;
}

interface Link {
  readonly hash: string;
  /** Of the line before, as this line says. */
  readonly prev: string;
  /** Its number, as this line says. `NaN` if it says none. */
  readonly n: number;
}

/**
 * Checks that each line names the hash of the line before it, and its own number. A head that was kept elsewhere must be in
 * the chain: without one, nobody can see what was done to the last lines. Pure.
 */
export function checkChain(trail: Buffer, head?: string): ChainCheck {
  const lines = linesOf(trail);
  const torn = lines.pop();
  const links = lines.map(linkOf);
  const fault = brokenLink(links) ?? (head === undefined ? undefined : cutOff(links, head)) ?? tornLine(links, torn);
  return { records: links.length, head: links.at(-1)?.hash ?? NO_HEAD, ...(fault && { fault }) };
}

/** Split at line breaks, as bytes: what is not UTF-8 is hashed as it is. The last part is what no line break ends. */
function linesOf(trail: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = trail.indexOf(10); end >= 0; end = trail.indexOf(10, start)) {
    lines.push(trail.subarray(start, end));
    start = end + 1;
  }
  return [...lines, trail.subarray(start)];
}

function linkOf(line: Buffer): Link {
  const hash = createHash('sha256').update(line).digest('hex');
  const [, n = 'NaN', prev = ''] = /^\{"n":(\d+),"prev":"([0-9a-f]{64})",/.exec(line.toString('latin1')) ?? [];
  return isRecord(line.toString('utf8')) ? { hash, prev, n: Number(n) } : { hash, prev: '', n: Number.NaN };
}

function brokenLink(links: readonly Link[]): ChainFault | undefined {
  const index = firstBreak(links);
  if (index < 0) return undefined;
  return (
    movedLine(links, index) ?? insertedLine(links, index) ?? removedLine(links, index) ?? changedLine(links, index)
  );
}

function firstBreak(links: readonly Link[]): number {
  return links.findIndex((link, at) => link.prev !== hashAt(links, at - 1) || link.n !== at + 1);
}

function hashAt(links: readonly Link[], index: number): string {
  return index < 0 ? NO_HEAD : (links[index]?.hash ?? '');
}

/** All records are there and whole, but not in their places. */
function movedLine(links: readonly Link[], index: number): ChainFault | undefined {
  if (firstBreak(links.toSorted((a, b) => a.n - b.n)) >= 0) return undefined;
  return fault('reordered', index, `here is record ${links[index]?.n}, where record ${index + 1} belongs`);
}

/** Without one line the chain goes on: it is the one at the break, or else the one before it. */
function insertedLine(links: readonly Link[], index: number): ChainFault | undefined {
  const [broken, next] = [links[index], links[index + 1]];
  const seen = 'the record after it goes on from the one before it';
  if (next?.prev === hashAt(links, index - 1) && next.n === index + 1) return fault('inserted', index, seen);
  const isBefore = index > 0 && broken?.prev === hashAt(links, index - 2) && broken.n === index;
  return isBefore ? fault('inserted', index - 1, seen) : undefined;
}

function removedLine(links: readonly Link[], index: number): ChainFault | undefined {
  const missing = (links[index]?.n ?? Number.NaN) - (index + 1);
  if (!(missing > 0)) return undefined;
  const what = missing === 1 ? `record ${index + 1} is` : `records ${index + 1} to ${index + missing} are`;
  return fault('removed', index, `${what} missing before it`);
}

/** If this line is what the next one says, then it is the one before that was changed. */
function changedLine(links: readonly Link[], index: number): ChainFault {
  const [broken, next] = [links[index], links[index + 1]];
  const isOwn = index === 0 || broken?.prev === '' || (next !== undefined && next.prev !== broken?.hash);
  return isOwn
    ? fault('changed', index, 'it is not what was written: it does not go on from the record before it')
    : fault('changed', index - 1, 'its hash is not the one that the next record names');
}

/** A head that was kept is the hash of some record for ever, as records are only added. */
function cutOff(links: readonly Link[], head: string): ChainFault | undefined {
  if (head === NO_HEAD || links.some(({ hash }) => hash === head)) return undefined;
  return fault(
    'cut-off',
    links.length,
    `the record with the head ${head} is gone: the end was cut off or written anew`,
  );
}

function tornLine(links: readonly Link[], rest: Buffer | undefined): ChainFault | undefined {
  if (rest === undefined || rest.length === 0) return undefined;
  return fault(
    'torn',
    links.length,
    'it has no end: a crash or a full disk cut it; the next record drops it and says so',
  );
}

function fault(kind: ChainFault['kind'], index: number, seen: string): ChainFault {
  return { line: index + 1, kind, seen };
}
