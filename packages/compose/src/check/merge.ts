import type { Faults } from './faults.ts';
import { type Container, type Step, valueIn } from './origins.ts';
import { goText, has, isList, isMap, newMap, type Plain, type PlainMap } from './plain.ts';

/**
 * Lays what an override file or an extending service says over what was said before, as Compose does: mappings key by
 * key, lists one after the other, some things by rules of their own.
 * https://docs.docker.com/reference/compose-file/merge/
 */
export function merge(base: PlainMap, over: PlainMap, path: readonly Step[], faults: Faults): PlainMap {
  return new Merger(faults).mappings(base, over, path);
}

type Rule = (merger: Merger, base: Plain, over: Plain, path: readonly Step[]) => Plain;

const REPLACED: Rule = (_, __, over) => over;
const SEQUENCE: Rule = (merger, base, over) => merger.lists(merger.sequence(base), merger.sequence(over));
const NAMES: Rule = (merger, base, over, path) => merger.mappings(merger.names(base), merger.names(over), path);

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ...['command', 'entrypoint', 'healthcheck.test'].map((key): [string, Rule] => [`services.*.${key}`, REPLACED]),
  ...[
    ...['annotations', 'build.args', 'build.additional_contexts', 'build.labels', 'deploy.labels', 'dns', 'dns_opt'],
    ...['dns_search', 'env_file', 'label_file', 'environment', 'labels', 'sysctls', 'tmpfs'],
  ].map((key): [string, Rule] => [`services.*.${key}`, SEQUENCE]),
  ['networks.*.labels', SEQUENCE],
  ['volumes.*.labels', SEQUENCE],
  ['services.*.networks', NAMES],
  ['services.*.models', NAMES],
  ['services.*.depends_on', (merger, ...rest) => merger.dependencies(...rest)],
  ['services.*.build', (merger, ...rest) => merger.builds(...rest)],
  ['services.*.extra_hosts', (merger, base, over) => merger.withoutRepetition(base, over)],
  ['services.*.build.extra_hosts', (merger, base, over) => merger.withoutRepetition(base, over)],
  ['services.*.logging', (merger, ...rest) => merger.logging(...rest)],
  // Compose merges the new value with itself here.
  ['services.*.ulimits.*', REPLACED],
  ['networks.*.ipam.config', (merger, base, over, path) => merger.subnets(base, over, path)],
]);

function ruleFor(path: readonly Step[]): Rule | undefined {
  const [section, , key, ...rest] = path;
  if (key === undefined) return undefined;
  return RULES.get([section, '*', key, ...(key === 'ulimits' ? rest.map(() => '*') : rest)].join('.'));
}

class Merger {
  readonly #faults: Faults;

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  mappings(base: PlainMap, over: PlainMap, path: readonly Step[]): PlainMap {
    const merged = newMap(base);
    for (const [key, value] of Object.entries(over)) {
      merged[key] = has(base, key) ? this.#values(base, over, key, [...path, key]) : value;
    }
    return this.#merged(merged, base, over);
  }

  /** What was replaced is where the new value is; what was merged is where it began. */
  #merged(merged: PlainMap, base: PlainMap, over: PlainMap): PlainMap {
    const { origins } = this.#faults;
    return origins.set(merged, {
      spot: origins.of(base) ?? origins.of(over),
      child: (step) => {
        const isNew = valueIn(merged, step) === valueIn(over, step);
        const [first, second] = isNew ? [over, base] : [base, over];
        return origins.child(first, step) ?? origins.child(second, step);
      },
    });
  }

  #values(bases: PlainMap, overs: PlainMap, key: string, path: readonly Step[]): Plain {
    const [base = null, over = null] = [bases[key], overs[key]];
    const rule = ruleFor(path);
    if (rule) return rule(this, base, over, path);
    if (over === null) return base;
    if (isMap(base) && isMap(over)) return this.mappings(base, over, path);
    if (isList(base) && isList(over)) return this.lists(base, over);
    if (!isMap(base) && !isList(base)) return over;
    const was = isMap(base) ? 'a mapping' : 'a list';
    const message = `\`${path.join('.')}\` cannot be merged, as it is ${was} in the file or service before`;
    const remedy = `write ${was}, or \`!override\` to replace it`;
    this.#faults.add('compose/unmergeable', { in: overs, step: key, atKey: true }, message, remedy);
    return base;
  }

  lists(base: readonly Plain[], over: readonly Plain[]): readonly Plain[] {
    const { origins } = this.#faults;
    return origins.set([...base, ...over], {
      spot: origins.of(base) ?? origins.of(over),
      child: (step) => {
        const index = Number(step);
        return index < base.length ? origins.child(base, index) : origins.child(over, index - base.length);
      },
    });
  }

  /** Mappings become `KEY=value`, sorted; a single text becomes a list. */
  sequence(value: Plain): readonly Plain[] {
    if (isList(value)) return value;
    const items = isMap(value) ? pairsOf(value) : typeof value === 'string' ? [{ text: value }] : [];
    return this.#made(value, items);
  }

  withoutRepetition(base: Plain, over: Plain): readonly Plain[] {
    const first = this.sequence(base);
    const second = this.sequence(over);
    const kept = [...second.keys()].filter((index) => !first.includes(second[index] ?? null));
    const { origins } = this.#faults;
    const rest = kept.map((index) => second[index] ?? null);
    origins.set(rest, {
      spot: origins.of(second),
      child: (step) => origins.child(second, kept[Number(step)] ?? 0),
    });
    return this.lists(first, rest);
  }

  /** A list of names as a mapping of names to nothing, or to what each of them stands for. */
  names(value: Plain, standsFor?: () => PlainMap): PlainMap {
    if (isMap(value)) return value;
    const names = isList(value) ? value : [];
    const map = newMap();
    for (const name of names) map[String(name)] = standsFor ? standsFor() : null;
    const { origins } = this.#faults;
    return origins.set(map, {
      spot: origins.of(names),
      child: (step) => origins.child(names, names.indexOf(step)),
    });
  }

  dependencies(base: Plain, over: Plain, path: readonly Step[]): Plain {
    const started = () => newMap({ condition: 'service_started', required: true });
    return this.mappings(this.names(base, started), this.names(over, started), path);
  }

  builds(base: Plain, over: Plain, path: readonly Step[]): Plain {
    return this.mappings(this.#build(base), this.#build(over), path);
  }

  #build(value: Plain): PlainMap {
    if (isMap(value)) return value;
    return newMap(typeof value === 'string' ? { context: value } : {});
  }

  /** Options of another driver mean nothing to this one. */
  logging(base: Plain, over: Plain, path: readonly Step[]): Plain {
    if (!isMap(base) || !isMap(over)) return over;
    const isOther = 'driver' in base && 'driver' in over && base['driver'] !== over['driver'];
    return isOther ? over : this.mappings(base, over, path);
  }

  /** By subnet. */
  subnets(base: Plain, over: Plain, path: readonly Step[]): Plain {
    if (!isList(base) || !isList(over)) return over;
    const merged: PlainMap[] = [];
    for (const left of base.filter(isMap)) {
      for (const right of over.filter(isMap)) this.#addSubnet(merged, left, right, path);
    }
    return this.#faults.origins.follow(merged, over, base);
  }

  #addSubnet(merged: PlainMap[], base: PlainMap, over: PlainMap, path: readonly Step[]): void {
    const indexOf = (subnet: Plain | undefined) => merged.findIndex((other) => other['subnet'] === subnet);
    if (over['subnet'] !== base['subnet'] && indexOf(over['subnet']) === -1) return void merged.push(over);
    const both = this.mappings(base, over, path);
    const index = indexOf(both['subnet']);
    if (index === -1) merged.push(both);
    else merged[index] = both;
  }

  #made(source: Plain, items: readonly { readonly text: string; readonly key?: string }[]): readonly Plain[] {
    const { origins } = this.#faults;
    const container: Container | undefined = isMap(source) ? source : undefined;
    return origins.set(
      items.map(({ text }) => text),
      {
        spot: container && origins.of(container),
        child: (step) => {
          const key = items[Number(step)]?.key;
          return container && key !== undefined ? origins.child(container, key) : undefined;
        },
      },
    );
  }
}

/** Sorted by what comes out. */
function pairsOf(map: PlainMap): { readonly text: string; readonly key: string }[] {
  const pairs = Object.entries(map).flatMap(([key, value]) => {
    if (value === null) return [{ text: key, key }];
    return (isList(value) ? value : [value]).map((one) => ({ text: `${key}=${goText(one)}`, key }));
  });
  return pairs.sort((a, b) => (a.text < b.text ? -1 : 1));
}
