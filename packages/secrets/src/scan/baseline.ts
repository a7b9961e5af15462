import { createHash } from 'node:crypto';
import type { Finding } from '@gitops/core';
import * as v from 'valibot';
import { secretFinding } from '../rules.ts';
import { positionsIn } from './scanned-file.ts';

/** Findings that a repository knows of and lives with, at its root. */
export const BASELINE_FILE = '.gitops-baseline.json';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const Entry = v.object({ rule: v.string(), file: v.string(), fingerprint: v.string(), count });
const BaselineFile = v.object({ apiVersion: v.literal('gitops/v1'), findings: v.array(Entry) });

/** So many findings of a rule in a file that say the same. */
export interface BaselineEntry extends v.InferOutput<typeof Entry> {
  /** Where it stands in the baseline. */
  readonly line: number;
}

export interface Baseline {
  readonly entries: readonly BaselineEntry[];
  /** Why it cannot be read. */
  readonly findings: readonly Finding[];
}

/** What the baseline makes of findings. */
export interface Compared {
  /** Those that it does not know, and what is wrong with it. */
  readonly fresh: readonly Finding[];
  readonly known: readonly Finding[];
  /** What it knows and nobody found, as findings of `secret/stale-baseline`. */
  readonly gone: readonly Finding[];
}

/** Reads the text of a baseline; without a text it knows nothing. */
export function readBaseline(text: string | undefined): Baseline {
  if (text === undefined) return { entries: [], findings: [] };
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), BaselineFile), text);
  if (!result.success) return { entries: [], findings: [badBaseline(v.getDotPath(result.issues[0]))] };
  const positionAt = positionsIn(text);
  const entries = result.output.findings.map((entry) => {
    return { ...entry, line: positionAt(Math.max(0, text.indexOf(entry.fingerprint))).line };
  });
  return { entries, findings: [] };
}

function badBaseline(path: string | null): Finding {
  const message = `the baseline cannot be read${path === null ? '' : `: \`${path}\` is not what it has to be`}`;
  const remedy = 'write it anew by `gitops validate --update-baseline`, and look at what that changes';
  return secretFinding('secret/bad-baseline', { file: BASELINE_FILE }, message, remedy);
}

/** Tells what is new from what the baseline knows. Of findings that say the same, as many are known as it counts. */
export function applyBaseline(findings: readonly Finding[], baseline: Baseline): Compared {
  const left = new Map(baseline.entries.map((entry) => [entry.fingerprint, entry.count]));
  const known: Finding[] = [];
  const fresh: Finding[] = [...baseline.findings];
  for (const finding of findings) {
    const fingerprint = fingerprintOf(finding);
    const remaining = left.get(fingerprint) ?? 0;
    if (remaining > 0) left.set(fingerprint, remaining - 1);
    (remaining > 0 ? known : fresh).push(finding);
  }
  const stale = baseline.entries.filter(({ fingerprint }) => (left.get(fingerprint) ?? 0) > 0);
  return { fresh, known, gone: stale.map((entry) => staleEntry(entry, left.get(entry.fingerprint) ?? 0)) };
}

function staleEntry({ rule, file, line }: BaselineEntry, times: number): Finding {
  const message = `\`${rule}\` is no longer found in ${file}${times > 1 ? ` ${times} times` : ''}, and the baseline would hide it if it came back`;
  const remedy = 'write the baseline anew: `gitops validate --update-baseline`';
  return secretFinding('secret/stale-baseline', { file: BASELINE_FILE, line }, message, remedy);
}

/** The text of a baseline that knows these findings; infos fail nothing and are left out. One line each, sorted, so that a review sees what changed. */
export function writeBaseline(findings: readonly Finding[]): string {
  const grave = findings.filter(({ severity }) => severity !== 'info');
  const alike = Map.groupBy(grave, fingerprintOf);
  const lines = [...alike].flatMap(([fingerprint, [first, ...more]]) => {
    if (!first) return [];
    return JSON.stringify({ file: first.file, rule: first.rule, fingerprint, count: more.length + 1 });
  });
  const listed =
    lines.length === 0
      ? ''
      : `\n${lines
          .sort()
          .map((line) => `    ${line}`)
          .join(',\n')}\n  `;
  return `{\n  "apiVersion": "gitops/v1",\n  "findings": [${listed}]\n}\n`;
}

/**
 * The same for the same fault, wherever in its file it stands. It is made of the rule, the path and what the finding
 * says, in which there is never a value: no guess of a secret can be tried on it.
 */
export function fingerprintOf({ rule, file, message }: Finding): string {
  const placeless = message.replace(/\bline \d+/g, 'line');
  return createHash('sha256').update([rule, file, placeless].join('\0')).digest('hex').slice(0, 32);
}
