import { messageOf } from '../errors.ts';
import type { Finding } from '../model.ts';
import { shortCommit } from '../short-commit.ts';
import { countText, findingsSummary } from './findings-summary.ts';
import { fenced } from './markdown.ts';
import { countOf } from './validation-file.ts';

export interface ValidationSummaryInput {
  readonly commit: string;
  /** Names of the environments that were looked at. */
  readonly environments: readonly string[];
  readonly findings: readonly Finding[];
  /** How many findings the baseline knows. */
  readonly known: number;
}

/** The job summary of a validation, as Markdown. */
export function validationSummary({ commit, environments, findings, known }: ValidationSummaryInput): string {
  const sections = [
    `## ${validationLine(findings)}`,
    `Commit \`${shortCommit(commit)}\`, ${listed(environments)}${known === 0 ? '' : `; ${known} known in the baseline`}`,
    findingsSummary(findings),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** The job summary of a run that came to nothing. */
export function notValidatedSummary(error: unknown): string {
  return `## ❌ Not validated\n\n${fenced(messageOf(error))}\n`;
}

/** One line that says what came of it. */
export function validationLine(findings: readonly Finding[]): string {
  const [errors, warnings] = [countOf(findings, 'error'), countOf(findings, 'warning')];
  const mark = errors > 0 ? '❌' : warnings > 0 ? '⚠️' : '✅';
  return `${mark} Validated: ${countText(errors, warnings, countOf(findings, 'info'))}`;
}

function listed(environments: readonly string[]): string {
  const names = environments.map((name) => `**${name}**`).join(', ');
  return environments.length === 0 ? 'no environments' : names;
}
