import { nearest } from '../configuration/closed-object.ts';
import type { GitopsFile, Read } from '../configuration/read-configuration.ts';
import type { Finding, Rules, Severity } from '../model.ts';

/** What `rules` of `gitops.yml` says of a rule; `off` is silent. */
export type RuleLevel = Severity | 'off';

/** Levels that differ from what the rules say of themselves, by id. */
export type RuleLevels = Readonly<Record<string, RuleLevel>>;

/** What `rules` of `gitops.yml` says that cannot be: rules that do not exist, and those that a deployment obeys anyway. */
export function ruleLevelFindings({ source, value }: Read<GitopsFile>, rules: Rules): readonly Finding[] {
  return Object.keys(value?.rules ?? {}).flatMap((id): readonly Finding[] => {
    const fault = faultOf(id, rules);
    const position = source.root?.at(['rules', id])?.keyPosition;
    return fault ? [{ ...fault, severity: 'error', file: source.file, ...position }] : [];
  });
}

function faultOf(id: string, rules: Rules): Pick<Finding, 'rule' | 'message' | 'remedy'> | undefined {
  const rule = rules[id];
  if (!rule) {
    const near = nearest(id, Object.keys(rules));
    const remedy = near === undefined ? 'docs/rules lists the rules there are' : `did you mean \`${near}\`?`;
    return { rule: 'config/unknown-rule', message: `there is no rule \`${id}\``, remedy };
  }
  if (!rule.isFixed) return undefined;
  const message = `\`${id}\` is always an error: a deployment refuses it`;
  return { rule: 'config/fixed-rule', message, remedy: 'remove this line, and mend what the rule finds' };
}

/** The findings at the levels that the repository has chosen, worst first, then by place. Each is told once. */
export function judgeFindings(findings: readonly Finding[], rules: Rules, levels: RuleLevels): readonly Finding[] {
  const judged = findings.flatMap((finding): readonly Finding[] => {
    const level = rules[finding.rule]?.isFixed ? undefined : levels[finding.rule];
    if (level === 'off') return [];
    return [level ? { ...finding, severity: level } : finding];
  });
  const each = new Map(judged.map((finding) => [JSON.stringify(finding), finding]));
  return [...each.values()].sort(byGravity);
}

const GRAVITY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function byGravity(a: Finding, b: Finding): number {
  return (
    GRAVITY[a.severity] - GRAVITY[b.severity] ||
    compare(a.file, b.file) ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0) ||
    compare(a.rule, b.rule)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
