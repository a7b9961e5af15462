import type { DeployResult } from '../deploy-result.ts';
import type { Change, Evidence, Outcome, Plan, VerdictName } from '../model.ts';
import { effective } from '../plan.ts';
import type { PrunedItem } from '../ports.ts';
import { cell, details, fenced, table } from './markdown.ts';

const OUTCOME_SAYS: Readonly<Record<Outcome, string>> = {
  deployed: '✅ Deployed',
  unchanged: '✅ Unchanged: what runs is what this commit says',
  planned: '📋 Planned: nothing was changed',
  superseded: '⏭️ Superseded by a newer commit',
  refused: '⛔ Refused: nothing was changed',
  'failed-before-change': '❌ Failed before any change',
  'rolled-back': '↩️ Rolled back: the former state is back and verified',
  'rollback-failed': '🚨 Rollback failed: look at the host',
  frozen: '🧊 Frozen: the failed state was kept, as asked for',
  unknown: '❓ Unknown: the host ends it alone, the next run says how',
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
    `**${environment}** on \`${host}\`, commit \`${commit.slice(0, 7)}\`, release ${releaseText(result)}`,
    result.error ? fenced(result.error.message) : '',
    targets(result),
    services(result),
    otherChanges(result.plan),
    warnings(result.plan),
    failures(result),
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

function releaseText({ release, previousRelease }: DeployResult): string {
  if (release === '') return '*none*';
  return release === previousRelease || previousRelease === ''
    ? `\`${release}\``
    : `\`${previousRelease}\` → \`${release}\``;
}

/** How each of several hosts ended. */
function targets({ targets: results }: DeployResult): string {
  if (results.length < 2) return '';
  const rows = results.map((each) => [each.name, each.host, outcomeLine(each.outcome), targetRelease(each)]);
  return table(['Target', 'Host', 'Outcome', 'Release'], rows);
}

function targetRelease({ release, previousRelease }: DeployResult['targets'][number]): string {
  return release === previousRelease || previousRelease === '' ? release : `${previousRelease} → ${release}`;
}

/** Kept here, where the owner of a host can't rewrite it. */
function auditHeads({ targets: results }: DeployResult): string {
  const known = results.filter(({ auditHead }) => auditHead !== '');
  return known
    .map(({ name, auditHead }) => `Audit head${results.length > 1 ? ` of ${cell(name)}` : ''} \`${auditHead}\``)
    .join('\n\n');
}

function services({ plan, verdict }: DeployResult): string {
  const changes = (plan?.changes ?? []).filter(({ kind }) => kind === 'service');
  if (changes.length === 0) return '';
  const evidence = new Map((verdict?.evidence ?? []).map((each) => [each.subject, each]));
  const probes = (verdict?.evidence ?? []).filter((each) => !changes.some(({ subject }) => subject === each.subject));
  const rows = [...changes.map((change) => serviceRow(change, evidence.get(change.subject))), ...probes.map(probeRow)];
  return table(['Service', 'Action', 'Image', 'Cause', 'Verdict'], rows);
}

function serviceRow(change: Change, evidence: Evidence | undefined): readonly string[] {
  return [change.subject, change.action, imageText(change), change.cause, verdictText(evidence)];
}

function probeRow(evidence: Evidence): readonly string[] {
  return [evidence.subject, 'probe', '', '', verdictText(evidence)];
}

/** The image as it was and as it is to be. */
export function imageText({ imageBefore = '', imageAfter = '' }: Change): string {
  return imageBefore === imageAfter || imageBefore === '' ? imageAfter : `${imageBefore} → ${imageAfter}`;
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

function failures({ verdict }: DeployResult): string {
  const withLog = (verdict?.evidence ?? []).filter(({ log }) => log !== undefined && log !== '');
  return withLog.map(({ subject, log = '' }) => details(`Last lines of ${subject}`, fenced(log))).join('\n\n');
}
