import { alignedColumns } from '../lab/aligned-columns.ts';
import type { Times } from './contest.ts';

/** Two ways to the same end, in time. */
export interface Row {
  readonly what: string;
  readonly ours: Times;
  readonly plain: Times;
  /** Most that ours may take, as a multiple of the plain way; none where the row only explains another one. */
  readonly budget?: number;
  readonly note?: string;
}

/** A number to keep. */
export interface CountRow {
  readonly what: string;
  readonly count: number;
  readonly budget: number;
  readonly note: string;
}

const HEAD = ['what', 'ours', 'plain way', 'ratio', 'budget', ''];

/** The rows as aligned text: medians, with least and most in brackets. */
export function resultTable(rows: readonly (Row | CountRow)[]): string {
  return alignedColumns([HEAD, ...rows.map((row) => ('count' in row ? countCells(row) : cellsOf(row)))]);
}

function cellsOf({ what, ours, plain, budget, note }: Row): readonly string[] {
  const ratio = ours.median / plain.median;
  const times = [what, timesText(ours), timesText(plain), `${ratio.toFixed(2)}×`];
  if (budget === undefined) return [...times, '–', ''];
  const allowed = `≤ ${budget.toFixed(1)}×${note === undefined ? '' : ` (${note})`}`;
  return [...times, allowed, verdict(ratio <= budget)];
}

function countCells({ what, count, budget, note }: CountRow): readonly string[] {
  return [what, `${count}`, '–', '', `${budget} (${note})`, verdict(count <= budget)];
}

function verdict(isKept: boolean): string {
  return isKept ? 'met' : 'MISSED';
}

function timesText({ median, min, max }: Times): string {
  return `${Math.round(median)} ms (${Math.round(min)}–${Math.round(max)})`;
}
