import type { At, Change } from './at.ts';
import { changeEach, changeKeys, changeValues } from './at.ts';
import { splitCommand } from './command-line.ts';
import { goText, isList, isMap, mapOf, newMap, type Plain, type PlainMap } from './plain.ts';
import { bytes, decimalNumber, duration, truth, wholeNumber } from './units.ts';
import { warnOfChange, warnOfNull } from './written-otherwise.ts';

/** Reads a text as something else, and refuses what is none. */
const read =
  (parse: (text: string) => Plain | undefined, why: string, remedy: string): Change =>
  (value, at) => {
    if (typeof value !== 'string') return value;
    const parsed = parse(value);
    if (parsed === undefined) at.refuse('compose/bad-value', why, remedy);
    return parsed ?? value;
  };

export const flag = read(truth, 'it must be true or false', 'write `true` or `false`');
export const whole = read(wholeNumber, 'it must be a whole number', 'write a whole number');
export const decimal = read(decimalNumber, 'it must be a number', 'write a number');
export const time = read(duration, 'it is no duration', 'write a number with its unit, e.g. `30s` or `1m30s`');

const size = read(
  (text) => bytes(text)?.toString(),
  'it is no size',
  'write a number with its unit, e.g. `512m` or `2g`',
);

/** A size in bytes, as a text like Compose prints it. Of a number with a fraction Compose takes nothing. */
export const byteSize: Change = (value, at) => {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : null;
  return size(value, at);
};

export const countOrAll: Change = (value, at) => (value === 'all' ? -1 : whole(value, at));

/** A count that cannot be below zero. */
export const count: Change = (value, at) => {
  const number = whole(value, at);
  if (typeof number === 'number' && number < 0) at.refuse('compose/bad-value', 'it is below zero', 'write 0 or more');
  return number;
};

/** Permissions, in octal as Compose prints them. */
export const fileMode: Change = (value, at) => {
  if (typeof value === 'number') return `0${value.toString(8)}`;
  if (typeof value !== 'string') return value;
  if (/^[0-7]+$/.test(value)) return `0${Number.parseInt(value, 8).toString(8)}`;
  at.refuse('compose/bad-value', 'it is no octal number', 'write permissions such as `"0440"`');
  return value;
};

/** `default` and `id=path`. */
export const sshKeys: Change = (value, at) => {
  if (!isMap(value)) return value;
  return at.made(Object.entries(value).map(([id, path]) => (path === null ? id : `${id}=${goText(path)}`)));
};

/** One or many, as texts. */
export const manyTexts: Change = (value, at) =>
  isList(value) ? texts(value, at) : at.made([text(value, at)], () => at.spot);

export const text: Change = (value) => (typeof value === 'string' || value === null ? value : scalarText(value));

function scalarText(value: Plain): Plain {
  return isMap(value) || isList(value) ? value : goText(value);
}

/** A command as its words. */
export const command: Change = (value, at) => {
  if (typeof value !== 'string') return value;
  const line = splitCommand(value);
  if (line === undefined) {
    const message = `the quotes or brackets of \`${at.name}\` do not match`;
    at.faults.add('compose/bad-value', at, message, 'write the command as a list of words');
    return value;
  }
  if (line.left !== undefined) warnOfCut(at);
  return at.made([...line.words], () => at.spot);
};

function warnOfCut(at: At): void {
  const message = `\`${at.name}\` is cut off where a shell would go on with \`;\`, \`&\`, \`|\`, \`<\` or \`>\``;
  at.faults.add('compose/cut-command', at, message, 'write `sh -c "…"`, or the command as a list of words');
}

export const healthTest: Change = (value, at) =>
  typeof value === 'string' ? at.made(['CMD-SHELL', value], () => at.spot) : value;

export const stringList: Change = (value, at) => (typeof value === 'string' ? at.made([value], () => at.spot) : value);

export const texts: Change = (value, at) => (isList(value) ? changeEach(value, text, at) : value);

/** `KEY=value` or a mapping, as a mapping of texts; what has no value becomes `none`. */
const mapping =
  (none: string | null): Change =>
  (value, at) => {
    const entry: Change = (one, place) => {
      if (one === null && none === null) warnOfNull(place);
      warnOfChange(one, place);
      return one === null ? none : scalarText(one);
    };
    if (isMap(value)) return changeValues(value, entry, at);
    return isList(value) ? fromPairs(value, none, at) : value;
  };

export const variables = mapping(null);
export const labels = mapping('');

function fromPairs(list: readonly Plain[], none: string | null, at: At): PlainMap {
  const map = newMap();
  const sources = new Map<string | number, number>();
  for (const [index, item] of list.entries()) {
    const pair = String(item);
    const equals = pair.indexOf('=');
    const key = equals === -1 ? pair : pair.slice(0, equals);
    map[key] = equals === -1 ? none : pair.slice(equals + 1);
    sources.set(key, index);
  }
  return at.made(map, (step) => at.faults.origins.child(list, sources.get(step) ?? -1));
}

/** `name=address`, sorted by name where they come from a mapping. */
export const hosts: Change = (value, at) => {
  if (isMap(value)) return at.made(hostLines(value), () => at.spot);
  if (!isList(value)) return value;
  return changeEach(value, host, at);
};

const host: Change = (item, at) => {
  const [, name, address] = /^([^=:]+)[=:](.*)$/s.exec(String(item)) ?? [];
  if (address !== undefined) return `${name}=${address.replace(/^\[(.*)\]$/, '$1')}`;
  at.refuse('compose/bad-value', 'it has no address', 'write it as `name=192.0.2.1` or `name=host-gateway`');
  return item;
};

function hostLines(map: PlainMap): string[] {
  return Object.entries(map).flatMap(([name, value]) =>
    (isList(value) ? value : [value]).map((address) => `${name}=${goText(address)}`),
  );
}

export const below =
  (changes: Readonly<Record<string, Change>>): Change =>
  (value, at) =>
    isMap(value) ? changeKeys(value, changes, at) : value;

export const each =
  (change: Change): Change =>
  (value, at) =>
    isMap(value) ? changeValues(value, change, at) : value;

export const inItems =
  (change: Change): Change =>
  (value, at) =>
    isList(value) ? changeEach(value, change, at) : value;

/** A limit that is one number, or one for each of two. */
export const limit: Change = (value, at) =>
  isMap(value) ? below({ soft: whole, hard: whole })(value, at) : whole(value, at);

/** Keeps what the services of a project say under `key`. */
export function servicesOf(project: PlainMap): readonly (readonly [name: string, service: PlainMap])[] {
  return Object.entries(mapOf(project['services'])).map(([name, service]) => [name, mapOf(service)] as const);
}
