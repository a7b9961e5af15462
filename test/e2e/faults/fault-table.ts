import * as v from 'valibot';
import { alignedColumns } from '../../lab/aligned-columns.ts';
import type { Struck } from './record.ts';

const StruckLine = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    fault: v.string(),
    during: v.string(),
    ended: v.picklist(['old', 'new', 'otherwise']),
    ms: v.number(),
    seen: v.exactOptional(v.string()),
  }),
);

/** Reads what the tests have noted, one fault a line. Throws a `ValiError` for a line that none of them has written. */
export function parseStruck(report: string): readonly Struck[] {
  const lines = report.split('\n').filter(Boolean);
  return lines.map((line) => v.parse(StruckLine, line));
}

const HEAD = ['fault', 'during', 'injected', 'ended old', 'ended new', 'ended otherwise', 'longest to verified'];

/** A row for each fault and what it happened to, and one for all. */
export function faultTable(struck: readonly Struck[]): string {
  const groups = Map.groupBy(struck, ({ fault, during }) => `${fault}\n${during}`);
  const rows = [...groups].sort(([one], [other]) => (one < other ? -1 : 1));
  return alignedColumns([
    HEAD,
    ...rows.map(([key, group]) => [...key.split('\n'), ...counts(group)]),
    ['total', '', ...counts(struck)],
  ]);
}

/** What was seen where something ended otherwise. */
export function otherwiseSeen(struck: readonly Struck[]): readonly string[] {
  return struck
    .filter(({ ended }) => ended === 'otherwise')
    .map(({ fault, during, seen = 'nothing' }) => `${fault}, during a ${during}: ${seen}`);
}

function counts(group: readonly Struck[]): readonly string[] {
  const count = (ended: Struck['ended']): string => String(group.filter((each) => each.ended === ended).length);
  const verified = group.filter(({ ended }) => ended !== 'otherwise');
  const longestMs = Math.max(0, ...verified.map(({ ms }) => ms));
  return [String(group.length), count('old'), count('new'), count('otherwise'), `${(longestMs / 1000).toFixed(1)} s`];
}
