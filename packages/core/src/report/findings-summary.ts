import type { Finding, Severity } from '../model.ts';
import { counted } from './change-words.ts';
import { bold, details, prose } from './markdown.ts';
import { countOf } from './validation-file.ts';

const MARK: Readonly<Record<Severity, string>> = { error: '❌', warning: '⚠️', info: 'ℹ️' };

/** So many findings are shown in full; a summary of thousands would be dropped by GitHub as a whole. */
const MOST_SHOWN = 500;

/** What was found, as Markdown: errors open, all else folded by severity. Empty if nothing was found. */
export function findingsSummary(findings: readonly Finding[]): string {
  const sections = (['error', 'warning', 'info'] as const).map((severity) => section(findings, severity));
  return sections.filter((text) => text !== '').join('\n\n');
}

/** `2 errors, 1 warning, 3 to know`; of none of them: `no findings`. */
export function countText(errors: number, warnings: number, infos = 0): string {
  const toKnow = infos > 0 ? `${infos} to know` : '';
  const parts = [some(errors, 'error'), some(warnings, 'warning'), toKnow].filter((part) => part !== '');
  return parts.length > 0 ? parts.join(', ') : 'no findings';
}

function some(count: number, what: string): string {
  return count === 0 ? '' : counted(count, what);
}

function section(findings: readonly Finding[], severity: Severity): string {
  const some = findings.filter((finding) => finding.severity === severity);
  if (some.length === 0) return '';
  const list = byFile(some.slice(0, MOST_SHOWN));
  const more = some.length > MOST_SHOWN ? `\n\n… and ${some.length - MOST_SHOWN} more in result.json` : '';
  if (severity === 'error') return `### ${MARK.error} ${countText(countOf(some, 'error'), 0)}\n\n${list}${more}`;
  const title = severity === 'warning' ? countText(0, some.length) : countText(0, 0, some.length);
  return details(`${MARK[severity]} ${title}`, list + more);
}

/** A list for each file and no table: who reads this on a phone sees no far column. */
function byFile(findings: readonly Finding[]): string {
  const files = Map.groupBy(findings, ({ file }) => file);
  return [...files].map(([file, some]) => `${bold(file)}\n\n${some.map(item).join('\n')}`).join('\n\n');
}

function item({ line, column, message, remedy, rule }: Finding): string {
  const place = [line, column].filter((part) => part !== undefined).join(':');
  return `- ${place === '' ? '' : `${place} `}${prose(message)}<br>→ ${prose(remedy)} *(${prose(rule)})*`;
}
