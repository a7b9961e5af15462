import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Rule, type Rules, rulePage } from '@gitops/core';
import { ALL_RULES } from '@gitops/operations';
import { replaceBetween, table } from './generate-readme.ts';

const root = join(import.meta.dirname, '..');

export const RULES_FILE = 'docs/rules/README.md';

/** What the rules are about, by the first word of their ids, in the order of the page. */
const FAMILIES = {
  config: '`gitops.yml` and `environment.yml`',
  yaml: 'YAML, in whatever file',
  compose: 'Compose files',
  secret: 'Secrets',
  host: 'Hosts',
} as const;

/** The list of all rules, under the head that is written by hand. */
export async function rulesPage(): Promise<string> {
  const page = await readFile(join(root, RULES_FILE), 'utf8');
  return replaceBetween(page, 'rules: made from what the packages say of theirs', rulesList(ALL_RULES), RULES_FILE);
}

function rulesList(rules: Rules): string {
  const sections = Object.entries(FAMILIES).map(([family, title]) => {
    const own = Object.entries(rules).filter(([id]) => id.startsWith(`${family}/`));
    const rows = own.sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, rule]) => row(id, rule));
    return `## ${title}\n\n${table(['Rule', 'Level', 'What it sees'], rows)}`;
  });
  return sections.join('\n\n');
}

function row(id: string, { level, says, isFixed }: Rule): readonly string[] {
  return [`[${id}](${rulePage(id)})`, isFixed ? `\`${level}\`, always` : `\`${level}\``, says];
}
