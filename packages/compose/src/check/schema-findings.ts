import { suggestion } from '@gitops/core';
import { COMPOSE_SCHEMA } from './compose-schema.generated.ts';
import type { Faults } from './faults.ts';
import { dotted } from './named.ts';
import type { Step } from './origins.ts';
import { isList, isMap, type Plain, type PlainMap, Timestamp } from './plain.ts';
import { checkSchema, type SchemaIssue } from './schema.ts';

/** Adds what the specification's schema does not take to the faults, in words for people, and gives the paths of unknown keys. */
export function schemaFaults(project: PlainMap, faults: Faults): readonly (readonly Step[])[] {
  const issues = checkSchema(COMPOSE_SCHEMA, project);
  for (const issue of issues) EXPLAIN[issue.kind](issue, faults);
  return issues.filter(({ kind }) => kind === 'unknown-key').map(({ path }) => path);
}

const EXPLAIN: Readonly<Record<SchemaIssue['kind'], (issue: SchemaIssue, faults: Faults) => void>> = {
  type: wrongType,
  'unknown-key': unknownKey,
  'missing-key': (issue, faults) => {
    const { key = '' } = issue;
    const message = `\`${dotted(issue.path)}\` has no \`${key}\``;
    faults.add('compose/missing-key', { ...issue, atKey: true }, message, `add \`${key}:\``);
  },
  enum: (issue, faults) => {
    const message = `\`${dotted(issue.path)}\` is ${faults.shown(issue)}`;
    faults.add('compose/bad-value', issue, message, suggestion(String(issue.value), issue.schema.enum ?? []));
  },
  pattern: (issue, faults) => {
    const key = String(issue.path.at(-1));
    const message = `\`${dotted(issue.path)}\` is ${faults.shown(issue)}, which Compose does not take`;
    faults.add(
      'compose/bad-value',
      issue,
      message,
      PATTERNS[key]?.(String(issue.value)) ?? `match ${issue.schema.pattern}`,
    );
  },
  range: (issue, faults) => {
    const { minimum, maximum } = issue.schema;
    const limits = [
      minimum === undefined ? '' : `at least ${minimum}`,
      maximum === undefined ? '' : `at most ${maximum}`,
    ];
    const message = `\`${dotted(issue.path)}\` is ${faults.shown(issue)}`;
    faults.add(
      'compose/bad-value',
      issue,
      message,
      `write a number of ${limits.filter((limit) => limit).join(' and ')}`,
    );
  },
  repeated: (issue, faults) => {
    const message = `\`${dotted(issue.path.slice(0, -1))}\` holds ${faults.shown(issue)} twice`;
    faults.add('compose/repeated-item', issue, message, 'remove one of the two');
  },
};

const PULL_POLICIES = [
  'always',
  'never',
  'build',
  'if_not_present',
  'missing',
  'refresh',
  'daily',
  'weekly',
  'every_1h',
];

const PATTERNS: Readonly<Record<string, (value: string) => string>> = {
  pull_policy: (value) => suggestion(value, PULL_POLICIES),
  container_name: () => 'use at least two characters: letters, digits, `_`, `.` and `-`, not first',
};

function wrongType(issue: SchemaIssue, faults: Faults): void {
  const { path, value, types = [] } = issue;
  const message = `\`${dotted(path) || 'the file'}\` is ${seen(issue, faults)}, and must be ${expected(types)}`;
  const rule = value instanceof Timestamp ? 'compose/date' : 'compose/wrong-type';
  faults.add(rule, { ...issue, ...(value === null && { atKey: true }) }, message, remedyFor(issue, types, faults));
}

const NAMES: Readonly<Record<string, string>> = {
  string: 'a text',
  array: 'a list',
  object: 'a mapping',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'empty',
};

function expected(types: readonly string[]): string {
  const names = [...new Set(types.map((type) => NAMES[type] ?? type))];
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function seen(issue: SchemaIssue, faults: Faults): string {
  const { value } = issue;
  if (value === null) return 'empty';
  if (isMap(value)) return 'a mapping';
  if (isList(value)) return 'a list';
  if (value instanceof Timestamp) return `the date ${faults.shown(issue)}`;
  if (typeof value === 'string') return isSecretive(issue) ? 'a text' : `the text ${faults.shown(issue)}`;
  return `the ${typeof value === 'boolean' ? 'boolean' : 'number'} ${faults.shown(issue)}`;
}

/** What was written by mistake may be the real one, and messages end up in logs. */
function isSecretive({ path }: SchemaIssue): boolean {
  return path[2] === 'environment' || path[3] === 'args' || path[0] === 'secrets' || path[0] === 'configs';
}

const DURATIONS = /^(?:interval|timeout|start_period|start_interval|stop_grace_period|delay|window|monitor)$/;

function remedyFor({ path, value }: SchemaIssue, types: readonly string[], faults: Faults): string {
  const isScalar = !isMap(value) && !isList(value) && value !== null;
  if (value === null) return `write ${expected(types)}, or remove the key`;
  if (!isScalar || !types.includes('string')) return `write ${expected(types)}`;
  if (typeof value === 'number' && DURATIONS.test(String(path.at(-1)))) return `write the unit too: \`${value}s\``;
  const text = value instanceof Timestamp ? value.written : textOf(value);
  return `write it in quotes: \`"${faults.isShort(text) ? text : '…'}"\``;
}

function textOf(value: Plain): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '…';
}

/** Where a schema lists no keys, only how keys may look. */
function unknownKey(issue: SchemaIssue, faults: Faults): void {
  const { key = '', path, schema } = issue;
  const place = { ...issue, atKey: true } as const;
  const parent = dotted(path.slice(0, -1));
  if (!schema.properties) {
    const message = `\`${key}\` is no name that \`${parent}\` may have`;
    faults.add('compose/bad-key', place, message, 'use letters, digits, `.`, `_` and `-` only');
    return;
  }
  const message = `unknown key \`${key}\`${parent === '' ? '' : ` in \`${parent}\``}`;
  faults.add('compose/unknown-key', place, message, remedyForKey(key, Object.keys(schema.properties), path.length));
}

function remedyForKey(key: string, known: readonly string[], depth: number): string {
  const isOfService = depth === 1 && Object.hasOwn(COMPOSE_SCHEMA.definitions?.['service']?.properties ?? {}, key);
  if (isOfService) return 'indent it below its service';
  const remedy = suggestion(key, known);
  const isList = remedy.startsWith('use one of') && known.length > 12;
  return isList ? 'remove it, or begin it with `x-` if it is for another program' : remedy;
}
