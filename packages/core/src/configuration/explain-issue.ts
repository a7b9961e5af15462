import type * as v from 'valibot';
import type { Finding } from '../model.ts';
import type { YamlFile } from './yaml-file.ts';

/** What a schema found in a file, as a finding at the offending key or value. */
export function explainIssue(source: YamlFile, issue: v.BaseIssue<unknown>): Finding {
  const path = (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)));
  const [fault, remedy] = splitMessage(issue.message);
  return {
    rule: ruleOf(issue),
    severity: 'error',
    file: source.file,
    ...positionOf(source, issue, path),
    message: seen(issue, path, fault),
    remedy,
  };
}

function ruleOf(issue: v.BaseIssue<unknown>): string {
  if (isMissing(issue)) return 'config/missing-key';
  if (issue.message.startsWith('unknown key')) return 'config/unknown-key';
  if (issue.message.includes('not supported yet')) return 'config/not-supported';
  return 'config/invalid-value';
}

/** Schemas write `fault → remedy`, or only the remedy. */
function splitMessage(message: string): readonly [fault: string, remedy: string] {
  const [first = '', second] = message.split(' → ', 2);
  return second === undefined ? ['', first] : [first, second];
}

function isMissing(issue: v.BaseIssue<unknown>): boolean {
  return issue.kind === 'schema' && issue.received === 'undefined' && issue.path !== undefined;
}

function positionOf(source: YamlFile, issue: v.BaseIssue<unknown>, path: readonly (string | number)[]) {
  const isKey = issue.path?.at(-1)?.origin === 'key' && !isMissing(issue);
  const value = source.root?.at(path) ?? source.root?.at(path.slice(0, -1)) ?? source.root;
  return (isKey || isMissing(issue) ? value?.keyPosition : value?.position) ?? { line: 1, column: 1 };
}

function seen(issue: v.BaseIssue<unknown>, path: readonly (string | number)[], fault: string): string {
  if (issue.type === 'raw_check') return fault;
  const name = `\`${pathName(path) || 'the file'}\``;
  if (isMissing(issue)) return `${name} is missing`;
  // What was written by mistake may be the real one, and messages end up in logs.
  if (path.at(-1) === 'password') return `${name} ${fault}`;
  if (issue.type === 'partial_check') return `${name} ${fault}`;
  return `${name} is ${valueName(issue.input)}${fault && `, ${fault}`}`;
}

/** `stacks[0].name` */
function pathName(path: readonly (string | number)[]): string {
  return path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '');
}

function valueName(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = JSON.stringify(value) ?? 'missing';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
