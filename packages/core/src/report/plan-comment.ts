import { shortCommit } from '../short-commit.ts';
import { environmentSizes } from './environment-markdown.ts';
import { countText } from './findings-summary.ts';
import { fit, listWithin, type Part } from './fit.ts';
import { bold, code } from './markdown.ts';
import { headline } from './plan-headline.ts';
import { BLOCKED_MEANS, blockedItem, stopItem } from './plan-markdown.ts';
import type { EnvironmentPlan, PlanOutcome, PlanReport } from './plan-report.ts';
import { viewPlan } from './plan-view.ts';

/** GitHub takes 65 536 characters; what is left is for a marker by which the comment is found again. */
const LONGEST_COMMENT = 65_000;

/**
 * The comment on a pull request that says what merging it would do, as Markdown: one line first, then what stops it, then each
 * environment. Where it would be too long, folded parts go first, then lists become numbers; the first line and what stops it stay.
 */
export function planComment(report: PlanReport, limit = LONGEST_COMMENT): string {
  const parts: readonly Part[] = [
    { sizes: [`## ${headline(report.environments)}`] },
    { sizes: [about(report)] },
    stopped(report.environments, limit),
    ...report.environments.map((environment) => ({ sizes: environmentSizes(environment, report.base) })),
  ];
  return fit(
    parts,
    limit,
    (count) => `… and ${count} more ${count === 1 ? 'part' : 'parts'}, for which there is no room here.`,
  );
}

function about({ commit, base, findings, summaryUrl }: PlanReport): string {
  const against = base === undefined ? '' : ` against ${short(base)}`;
  const { errors, warnings } = findings;
  const found = errors + warnings > 0 ? [`${countText(errors, warnings)} in the files`] : [];
  const link = summaryUrl !== undefined && isLink(summaryUrl) ? [`[all of it](${summaryUrl})`] : [];
  return [`Commit ${short(commit)}${against}, compared with what runs now`, ...found, ...link].join(' · ');
}

function short(commit: string): string {
  return code(shortCommit(commit));
}

function isLink(url: string): boolean {
  return url.length < 500 && /^https:\/\/[\w.:/?=&%#~+-]+$/.test(url);
}

/** What has to be mended before anything is deployed: the first thing to read, and the last to be shortened. */
function stopped(environments: readonly EnvironmentPlan[], limit: number): Part {
  const full = environments.flatMap((environment) => stoppedItems(environment));
  const brief = environments.flatMap((environment) => briefItems(environment));
  if (full.length === 0) return { sizes: [''] };
  const list = (items: readonly string[], room: number) =>
    `### ⛔ Blocked\n\n${BLOCKED_MEANS}\n\n${listWithin(items, room, (count) => `- … and ${count} more`)}`;
  return { isKept: true, sizes: [list(full, limit), list(full, limit / 2), list(brief, limit / 4)] };
}

function stoppedItems(environment: EnvironmentPlan): readonly string[] {
  const { plan, outcome, error } = environment;
  const blocked = plan ? viewPlan(plan).blocked : [];
  if (blocked.length > 0) return blocked.map((change) => blockedItem(change, environment.environment));
  if (!error || !STOPPING.has(outcome)) return [];
  return [stopItem(environment.environment, error.seen, error.remedy)];
}

const STOPPING: ReadonlySet<PlanOutcome> = new Set(['refused', 'failed', 'invalid']);

function briefItems(environment: EnvironmentPlan): readonly string[] {
  const count = stoppedItems(environment).length;
  return count === 0 ? [] : [`- ${bold(environment.environment)}: ${count === 1 ? 'one thing' : `${count} things`}`];
}
