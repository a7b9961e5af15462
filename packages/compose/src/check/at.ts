import type { ComposeRule, Faults } from './faults.ts';
import type { Container, Spot, Step } from './origins.ts';
import { newMap, type Plain, type PlainMap } from './plain.ts';

/** A value in the model: who asks knows its place, its name, and where to say what is wrong with it. */
export class At {
  readonly in: Container;
  readonly step: Step;
  readonly faults: Faults;
  readonly #parent: At | string;

  constructor(parent: At | string, container: Container, step: Step, faults: Faults) {
    this.#parent = parent;
    this.in = container;
    this.step = step;
    this.faults = faults;
  }

  /** `services.web.ports[0]` */
  get name(): string {
    const parent = typeof this.#parent === 'string' ? this.#parent : this.#parent.name;
    if (typeof this.step === 'number') return `${parent}[${this.step}]`;
    return parent === '' ? this.step : `${parent}.${this.step}`;
  }

  get spot(): Spot | undefined {
    return this.faults.origins.child(this.in, this.step);
  }

  below(container: Container, step: Step): At {
    return new At(this, container, step, this.faults);
  }

  /** A mapping that was made of this value. */
  made<C extends Container>(container: C, child: (step: Step) => Spot | undefined = () => undefined): C {
    return this.faults.origins.set(container, { spot: this.spot, child });
  }

  /** Like another mapping but for some keys. */
  changed(map: PlainMap, changes: PlainMap): PlainMap {
    return this.faults.origins.follow(newMap({ ...map, ...changes }), map);
  }

  /** Says what is wrong with the value, which is written out, and how to mend it. */
  refuse(rule: ComposeRule, why: string, remedy: string): void {
    this.faults.add(rule, this, `\`${this.name}\` is ${this.faults.shown(this)}, and ${why}`, remedy);
  }
}

export type Change = (value: Plain, at: At) => Plain;

/** Changes values of some keys of a mapping; the mapping itself if nothing of it changes. */
export function changeKeys(
  map: PlainMap,
  changes: Readonly<Record<string, Change>>,
  at: (key: string) => At,
): PlainMap {
  let changed: Record<string, Plain> | undefined;
  for (const key in map) {
    const change = Object.hasOwn(changes, key) ? changes[key] : undefined;
    if (!change) continue;
    const value = map[key] ?? null;
    const next = change(value, at(key));
    if (next === value) continue;
    changed ??= newMap(map);
    changed[key] = next;
  }
  return changed === undefined ? map : at('').faults.origins.follow(changed, map);
}

/** Changes every value of a mapping. */
export function changeValues(map: PlainMap, change: Change, at: (key: string) => At): PlainMap {
  let changed: Record<string, Plain> | undefined;
  for (const key in map) {
    const value = map[key] ?? null;
    const next = change(value, at(key));
    if (next === value) continue;
    changed ??= newMap(map);
    changed[key] = next;
  }
  return changed === undefined ? map : at('').faults.origins.follow(changed, map);
}

/** Changes every item of a list, of which each may become any number of them. */
export function changeItems(
  list: readonly Plain[],
  at: At,
  change: (item: Plain, at: At) => readonly Plain[],
): readonly Plain[] {
  const sources: number[] = [];
  const items = list.flatMap((item, index) => {
    const made = change(item, at.below(list, index));
    sources.push(...made.map(() => index));
    return made;
  });
  const isSame = items.length === list.length && items.every((item, index) => item === list[index]);
  const { origins } = at.faults;
  if (isSame) return list;
  return origins.set(items, {
    spot: origins.of(list) ?? at.spot,
    child: (step) => origins.child(list, sources[Number(step)] ?? -1),
  });
}
