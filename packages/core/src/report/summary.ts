import type { DeployResult } from '../deploy-result.ts';
import type { Change, Evidence, Outcome, Plan, VerdictName } from '../model.ts';
import { effective } from '../plan.ts';
import type { PrunedItem } from '../ports.ts';
import { shortCommit } from '../short-commit.ts';
import { imageText, shortIds } from './change-words.ts';
import { cell, details, fenced, table } from './markdown.ts';
import { planSections } from './plan-markdown.ts';

const OUTCOME_SAYS: Readonly<Record<Outcome, string>> = {
  deployed: '✅ Deployed',
  unchanged: '✅ Unchanged: what runs is what this commit says',
  planned: '📋 Planned: the host is as it was',
  superseded: '⏭️ Superseded by a newer commit',
  refused: '⛔ Refused: this commit was not deployed',
  'failed-before-change': '❌ Failed before any change',
  'rolled-back': '↩️ Rolled back: the former state is back and verified',
  'rollback-failed': '🚨 Rollback failed: look at the host',
  frozen: '🧊 Frozen: the failed state was kept, as asked for',
  unknown: '❓ Unknown: the host ends it alone, `gitops status` says how',
};

const VERDICT_MARK: Readonly<Record<VerdictName, string>> = {
  healthy: '🟢',
  degraded: '🟡',
  unhealthy: '🔴',
  unknown: '⚪',
};

export interface SummaryInput {
  readonly environment: string;
  /** The hosts, separated by commas. */
  readonly host: string;
  readonly commit: string;
  readonly result: DeployResult;
  /** Milliseconds by phase. */
  readonly timings: ReadonlyMap<string, number>;
}

/** One line that says how it ended. */
export function outcomeLine(outcome: Outcome): string {
  return OUTCOME_SAYS[outcome];
}

/** The job summary of a deployment, as Markdown. */
export function deploySummary({ environment, host, commit, result, timings }: SummaryInput): string {
  const sections = [
    `## ${outcomeLine(result.outcome)}`,
    `**${environment}** on ${where(host, result)}, commit \`${shortCommit(commit)}\`, release ${releaseText(result)}`,
    result.error ? fenced(result.error.message) : '',
    reasons(result),
    nextStep(environment, commit, result),
    targets(result),
    ...(PLANS.has(result.outcome) ? planSections(result.plan ?? NO_PLAN) : doings(result)),
    result.log ? details('What the host said', fenced(result.log)) : '',
    cleanedUp(result.pruned ?? []),
    details(
      'Timings',
      table(
        ['Phase', 'Seconds'],
        [...timings].map(([phase, ms]) => [phase, (ms / 1000).toFixed(2)]),
      ),
    ),
    result.plan ? `Plan hash \`${result.plan.hash}\`` : '',
    auditHeads(result),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** Nothing was done: what is told is what would have been. */
const PLANS: ReadonlySet<Outcome> = new Set(['planned', 'refused', 'failed-before-change']);

const NO_PLAN: Plan = { changes: [], hash: '', warnings: [] };

/** What was done, with what was seen of it. */
function doings(result: DeployResult): readonly string[] {
  return [services(result), otherChanges(result.plan), warnings(result.plan)];
}

/** What to do about an end that waits for somebody. */
function nextStep(environment: string, commit: string, { outcome, isHeld }: DeployResult): string {
  const short = shortCommit(commit);
  const says = [
    isHeld
      ? `Schedules leave this commit alone from now on; \`gitops hold clear ${environment} ${short}\` lifts that.`
      : '',
    outcome === 'frozen'
      ? `\`gitops recover ${environment}\`, or the next deployment, brings the former state back.`
      : '',
  ];
  return says.filter((line) => line !== '').join(' ');
}

/** The hosts; of several the table says more. */
function where(host: string, { targets: results }: DeployResult): string {
  return results.length > 1 ? `${results.length} targets` : `\`${host}\``;
}

function releaseText({ release, previousRelease }: DeployResult): string {
  if (release === '') return '*none*';
  return release === previousRelease || previousRelease === ''
    ? `\`${release}\``
    : `\`${previousRelease}\` → \`${release}\``;
}

/** How each of several hosts ended. */
function targets({ targets: results }: DeployResult): string {
  if (results.length < 2) return '';
  const rows = results.map((each) => [each.name, each.host, shortOutcome(each.outcome), targetRelease(each)]);
  return table(['Target', 'Host', 'Outcome', 'Release'], rows);
}

/** Without what the heading explains already: cells are narrow on a phone. */
function shortOutcome(outcome: Outcome): string {
  return outcomeLine(outcome).replace(/:.*/, '');
}

function targetRelease({ release, previousRelease }: DeployResult['targets'][number]): string {
  return release === previousRelease || previousRelease === '' ? release : `${previousRelease} → ${release}`;
}

/** Kept here, where the owner of a host can't rewrite it. */
function auditHeads({ targets: results }: DeployResult): string {
  const known = results.filter(({ auditHead }) => auditHead !== '');
  if (results.length < 2) return known.map(({ auditHead }) => `Audit head \`${auditHead}\``).join('');
  const rows = known.map(({ name, auditHead }) => [name, auditHead]);
  return rows.length === 0 ? '' : details('Audit heads', table(['Target', 'Audit head'], rows));
}

function services({ plan, verdict, outcome }: DeployResult): string {
  const changes = (plan?.changes ?? []).filter(({ kind }) => kind === 'service');
  if (changes.length === 0) return '';
  const evidence = new Map((verdict?.evidence ?? []).map((each) => [each.subject, each]));
  const probes = (verdict?.evidence ?? []).filter((each) => !changes.some(({ subject }) => subject === each.subject));
  const rows = [...changes.map((change) => serviceRow(change, evidence.get(change.subject))), ...probes.map(probeRow)];
  const head = ['Service', 'Action', seenHead(outcome), 'Image', 'Cause'];
  if (evidence.size > 0) return table(head, rows);
  return table(withoutVerdict(head), rows.map(withoutVerdict));
}

/** What was seen is not what runs now, after a way back. */
function seenHead(outcome: Outcome): string {
  return outcome === 'rolled-back' || outcome === 'rollback-failed' ? 'Seen before going back' : 'Seen';
}

function withoutVerdict(row: readonly string[]): readonly string[] {
  return row.toSpliced(2, 1);
}

function serviceRow(change: Change, evidence: Evidence | undefined): readonly string[] {
  const both = imageText(change);
  const image = change.cause.includes(both) ? (change.imageAfter ?? '') : both;
  return [change.subject, change.action, verdictText(evidence), shortIds(image), shortIds(change.cause)];
}

function probeRow(evidence: Evidence): readonly string[] {
  return [evidence.subject, 'probe', verdictText(evidence), '', ''];
}

function verdictText(evidence: Evidence | undefined): string {
  return evidence ? `${VERDICT_MARK[evidence.verdict]} ${evidence.seen}` : '';
}

function otherChanges(plan: Plan | undefined): string {
  const others = effective(plan?.changes ?? []).filter(({ kind }) => kind !== 'service');
  if (others.length === 0) return '';
  return table(
    ['Resource', 'Action', 'Cause'],
    others.map(({ kind, subject, action, cause }) => [`${kind} ${subject}`, action, cause]),
  );
}

function warnings(plan: Plan | undefined): string {
  return (plan?.warnings ?? []).map((warning) => `> ⚠️ ${cell(warning)}`).join('\n>\n');
}

/** Long lists of what nobody knows by name are only counted. */
function cleanedUp(items: readonly PrunedItem[]): string {
  if (items.length === 0) return '';
  const kinds = [...new Set(items.map(({ kind }) => kind))].sort();
  const rows = kinds.map((kind) => {
    const names = items.filter((item) => item.kind === kind).map(({ name }) => name);
    return [kind, String(names.length), kind === 'object' ? '' : names.join(', ')];
  });
  return details('Cleaned up on the host', table(['What', 'Number', 'Which'], rows));
}

/** What was not as it should be, with its last lines: who reads this on a phone sees no far column of a table. */
function reasons({ verdict }: DeployResult): string {
  const bad = (verdict?.evidence ?? []).filter((each) => each.verdict !== 'healthy');
  return bad.flatMap(reason).join('\n\n');
}

function reason({ subject, verdict, seen, log = '' }: Evidence): readonly string[] {
  const said = `${VERDICT_MARK[verdict]} **${cell(subject)}**: ${cell(seen)}`;
  return log === '' ? [said] : [said, details(`Last lines of ${subject}`, fenced(log))];
}
