import type { BaseDifference } from '../model.ts';
import { fieldsLine } from './field-markdown.ts';
import { bold } from './markdown.ts';

const MARK: Readonly<Record<BaseDifference['change'], string>> = { added: '➕', removed: '🗑️', changed: '✏️' };

/** What the files of a commit change against another commit, by stack. */
export function baseSections(differences: readonly BaseDifference[]): readonly string[] {
  const stacks = [...new Set(differences.map(({ stack }) => stack))];
  return stacks.map((stack) => {
    const items = differences.filter((each) => each.stack === stack).map(item);
    return `${bold(stack)}\n\n${items.join('\n')}`;
  });
}

function item({ kind, name, change, fields }: BaseDifference): string {
  const why = fields.length > 0 ? `: ${fieldsLine(fields)}` : '';
  return `- ${MARK[change]} ${kind} ${bold(name)} ${change}${why}`;
}
