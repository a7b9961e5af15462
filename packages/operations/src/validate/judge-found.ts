import { type Finding, judgeFindings, type RepositoryView, type RuleLevels } from '@gitops/core';
import {
  applyBaseline,
  BASELINE_FILE,
  ignoringFaults,
  readBaseline,
  type ScannedFile,
  withoutIgnored,
} from '@gitops/secrets';
import { ALL_RULES } from './all-rules.ts';

export interface Found {
  readonly view: RepositoryView;
  /** All that git tracks. */
  readonly files: readonly ScannedFile[];
  readonly found: readonly Finding[];
  readonly levels: RuleLevels;
  /** Whether all there is to find was looked for: only then it can be told what is gone. */
  readonly isEverything: boolean;
}

export interface Judged {
  /** At the levels of the repository, worst first, without what comments switch off and the baseline knows. */
  readonly findings: readonly Finding[];
  /** All of them that a baseline may know. */
  readonly all: readonly Finding[];
  /** How many the baseline knows. */
  readonly known: number;
}

/** Leaves out what the repository lives with. What a deployment refuses anyway is never among that. */
export async function judgeFound({ view, files, found, levels, isEverything }: Found): Promise<Judged> {
  const switches = files.flatMap(badSwitches);
  const judged = judgeFindings(withoutSwitchedOff([...found, ...switches], files), ALL_RULES, levels);
  const [fixed, all] = [judged.filter(isFixed), judged.filter((finding) => !isFixed(finding))];
  const { fresh, known, gone } = applyBaseline(all, await readKnown(view));
  const findings = judgeFindings([...fixed, ...fresh, ...(isEverything ? gone : [])], ALL_RULES, levels);
  return { all, findings, known: known.length };
}

const RULE_IDS: ReadonlySet<string> = new Set(Object.keys(ALL_RULES));
/** Where such a comment is no part of a text about it. */
const SWITCHING = /\.(?:ya?ml|env)$|(?:^|\/)\.env[^/]*$/;

function badSwitches({ path, content }: ScannedFile): readonly Finding[] {
  if (!SWITCHING.test(path) || !content.includes('gitops-ignore')) return [];
  const faults = ignoringFaults(path, content.toString('utf8'), RULE_IDS);
  return faults.map((fault) => ({ rule: 'config/bad-ignore', severity: 'warning', file: path, ...fault }));
}

function withoutSwitchedOff(findings: readonly Finding[], files: readonly ScannedFile[]): readonly Finding[] {
  const texts = new Map(files.map(({ path, content }) => [path, content]));
  const open = findings.filter((finding) => !isFixed(finding));
  return [...findings.filter(isFixed), ...withoutIgnored(open, (file) => texts.get(file)?.toString('utf8'))];
}

function isFixed({ rule }: Finding): boolean {
  return ALL_RULES[rule]?.isFixed === true;
}

async function readKnown(view: RepositoryView) {
  const exists = (await view.stat(BASELINE_FILE)) === 'file';
  return readBaseline(exists ? (await view.read(BASELINE_FILE)).toString('utf8') : undefined);
}
