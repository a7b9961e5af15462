import { shortCommit } from '../short-commit.ts';
import { baseSections } from './base-markdown.ts';
import type { Part } from './fit.ts';
import { cell, code, details, prose } from './markdown.ts';
import { nameOf, phrase } from './plan-headline.ts';
import { countedSections, foldedSections, openSections } from './plan-markdown.ts';
import type { EnvironmentPlan, PlanOutcome } from './plan-report.ts';
import { viewPlan } from './plan-view.ts';

const MARK: Readonly<Record<PlanOutcome, string>> = {
  planned: '📋',
  unchanged: '✅',
  refused: '⛔',
  failed: '⛔',
  unknown: '❓',
  invalid: '⛔',
};

/** What a comment says of an environment: all of it, without what is folded, by numbers, in one line, and not at all. */
export function environmentSizes(environment: EnvironmentPlan, base: string | undefined): Part['sizes'] {
  const title = `### ${MARK[environment.outcome]} ${nameOf(environment)}`;
  const line = `${title}: ${phrase(environment)}`;
  const files = filesOf(environment, base);
  if (!environment.plan) {
    const heading = files ? `#### ${cell(files.title)}\n\n${files.body}` : '';
    return [text(line, unread(environment), heading), text(line, unread(environment)), line, ''];
  }
  const view = viewPlan(environment.plan);
  const open = openSections(view);
  const folded = [...foldedSections(view), files ? details(files.title, files.body) : ''];
  const head = open.length > 0 ? title : line;
  const hash = hashLine(environment);
  return [
    text(head, ...open, ...folded, hash),
    text(head, ...open, hash),
    text(line, ...countedSections(view), hash),
    line,
    '',
  ];
}

function text(...sections: readonly string[]): string {
  return sections.filter((section) => section !== '').join('\n\n');
}

function unread({ outcome, host, error }: EnvironmentPlan): string {
  if (outcome !== 'unknown') return '';
  const where = host === '' ? 'The host' : code(host);
  const why = error ? `: ${prose(error.seen)}\n\n**To do:** ${prose(error.remedy)}` : '.';
  return `${where} could not be read, so nobody knows what a deployment would change there${why}`;
}

/** What the commit changes in the files: all that is known where no host could be asked. */
function filesOf({ againstBase }: EnvironmentPlan, base: string | undefined) {
  if (!againstBase) return undefined;
  const title = `In the files, compared with ${base === undefined ? 'the base commit' : shortCommit(base)}`;
  const body = againstBase.length === 0 ? 'They say the same.' : baseSections(againstBase).join('\n\n');
  return { title, body };
}

function hashLine({ outcome, plan }: EnvironmentPlan): string {
  return outcome === 'planned' && plan ? `To deploy exactly this: ${code(`plan-hash: ${plan.hash}`)}` : '';
}
