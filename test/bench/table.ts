import type { Times } from './contest.ts';

/** One promise, and how it was kept. */
export interface Row {
  readonly what: string;
  readonly ours: Times;
  readonly plain: Times;
  /** Most that ours may take, as a multiple of the plain way. */
  readonly budget: number;
  readonly note?: string;
}

const HEAD = ['what', 'ours', 'plain way', 'ratio', 'budget', ''];

/** The rows as aligned text: medians, with least and most in brackets. */
export function resultTable(rows: readonly Row[]): string {
  const cells = [HEAD, ...rows.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf({ what, ours, plain, budget, note }: Row): readonly string[] {
  const ratio = ours.median / plain.median;
  const allowed = `≤ ${budget.toFixed(1)}×${note === undefined ? '' : ` (${note})`}`;
  return [what, timesText(ours), timesText(plain), `${ratio.toFixed(2)}×`, allowed, ratio <= budget ? 'met' : 'MISSED'];
}

function timesText({ median, min, max }: Times): string {
  return `${Math.round(median)} ms (${Math.round(min)}–${Math.round(max)})`;
}
