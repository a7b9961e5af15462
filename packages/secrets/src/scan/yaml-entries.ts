import type { YamlFile, YamlValue } from '@gitops/core';
import type { Entry } from './entry.ts';

/** `NAME=value`, as lists of `environment:` and arguments of programs have it. */
const ASSIGNMENT = /^(?:--?)?([A-Za-z][\w.-]*)=([\s\S]*)$/;
/** An option alone, whose value is the next item of a list. */
const OPTION = /^--?([A-Za-z][\w-]*)$/;
/** An option with its value in a line of command: `redis-server --requirepass VALUE`. */
const OPTIONS = /(?:^|\s)--?([A-Za-z][\w-]*)[=\s]["']?([^\s"'-][^\s"']*)/g;
const COMMAND = /^(?:command|entrypoint|test|args|cmd|run|script|exec)$/i;

/** Every value of a YAML file that has a name, once, wherever aliases and merge keys lead. */
export function yamlEntries({ root }: YamlFile): readonly Entry[] {
  const entries: Entry[] = [];
  if (root) collect(root, { seen: new Set(), entries }, '');
  return entries;
}

interface Collected {
  readonly entries: Entry[];
  /** Aliases may multiply what a small file holds beyond any bound, so each place is looked at once. */
  readonly seen: Set<number>;
}

function collect(value: YamlValue, into: Collected, name: string): void {
  const [start, end] = value.extent;
  if (into.seen.has(start) || value.tag?.startsWith('!')) return;
  // A value that is not there has no place of its own.
  if (end > start) into.seen.add(start);
  if (value.isMapping) collectFields(value, into);
  else if (value.scalar === undefined) collectItems(value, into, name);
  else into.entries.push(...scalarEntries(value, name));
}

function collectFields(value: YamlValue, into: Collected): void {
  const fields = value.entries;
  const named = fields.get('name')?.text;
  for (const [key, field] of fields) {
    // Kubernetes and its relatives write a variable as `name: … value: …`.
    collect(field, into, key === 'value' && named !== undefined ? named : key);
  }
}

function collectItems(value: YamlValue, into: Collected, name: string): void {
  let option: string | undefined;
  for (const item of value.items) {
    const { text, position: at } = item;
    if (option !== undefined && text !== undefined) into.entries.push({ name: option, value: text, at });
    option = OPTION.exec(text ?? '')?.[1];
    const [, assigned, rest = ''] = ASSIGNMENT.exec(text ?? '') ?? [];
    if (assigned === undefined) collect(item, into, COMMAND.test(name) ? name : '');
    else into.entries.push({ name: assigned, value: rest, at });
  }
}

function scalarEntries(value: YamlValue, name: string): readonly Entry[] {
  const text = String(value.scalar);
  const at = value.position;
  const own = name === '' ? [] : [{ name, value: text, at }];
  if (!COMMAND.test(name)) return own;
  const options = [...text.matchAll(OPTIONS)];
  return [...own, ...options.map(([, option = '', argument = '']) => ({ name: option, value: argument, at }))];
}
