import type { ComposeRule, Faults } from './faults.ts';
import type { Container, Spot, Step } from './origins.ts';
import { type Draft, newMap, type Plain, type PlainMap } from './plain.ts';

/** A value in the model: who asks knows its place, its name, and where to say what is wrong with it. */
export class At {
  readonly in: Container;
  readonly step: Step;
  readonly faults: Faults;
  readonly #parent: At | undefined;

  constructor(parent: At | undefined, container: Container, step: Step, faults: Faults) {
    this.#parent = parent;
    this.in = container;
    this.step = step;
    this.faults = faults;
  }

  /** The project itself. */
  static root(project: PlainMap, faults: Faults): At {
    return new At(undefined, project, '', faults);
  }

  /** `services.web.ports[0]` */
  get name(): string {
    const parent = this.#parent?.name ?? '';
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
    const draft: Draft = { ...map, ...changes };
    return this.faults.origins.follow(draft, map);
  }

  /** Says what is wrong with the value, which is written out, and how to mend it. */
  refuse(rule: ComposeRule, why: string, remedy: string): void {
    this.faults.add(rule, this, `\`${this.name}\` is ${this.faults.shown(this)}, and ${why}`, remedy);
  }
}

export type Change = (value: Plain, at: At) => Plain;

/** Changes values of some keys of the mapping at a place; the mapping itself if nothing of it changes. */
export function changeKeys(map: PlainMap, changes: Readonly<Record<string, Change>>, at: At): PlainMap {
  return changed(map, (key) => (Object.hasOwn(changes, key) ? changes[key] : undefined), at);
}

/** Changes every value of the mapping at a place. */
export function changeValues(map: PlainMap, change: Change, at: At): PlainMap {
  return changed(map, () => change, at);
}

function changed(map: PlainMap, changeOf: (key: string) => Change | undefined, at: At): PlainMap {
  let copy: Draft | undefined;
  for (const key in map) {
    const change = changeOf(key);
    if (!change) continue;
    const value = map[key] ?? null;
    const next = change(value, at.below(map, key));
    if (next === value) continue;
    copy ??= newMap(map);
    copy[key] = next;
  }
  return copy === undefined ? map : at.faults.origins.follow(copy, map);
}

/** Changes every item of the list at a place; the list itself if nothing of it changes. */
export function changeEach(list: readonly Plain[], change: Change, at: At): readonly Plain[] {
  let copy: Plain[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index] ?? null;
    const next = change(item, at.below(list, index));
    if (next === item) continue;
    copy ??= [...list];
    copy[index] = next;
  }
  return copy === undefined ? list : at.faults.origins.follow(copy, list);
}

/** Makes any number of items of each item of the list at a place. */
export function expandEach(
  list: readonly Plain[],
  expand: (item: Plain, at: At) => readonly Plain[],
  at: At,
): readonly Plain[] {
  const sources: number[] = [];
  const items: Plain[] = [];
  for (const [index, item] of list.entries()) {
    for (const made of expand(item, at.below(list, index))) {
      items.push(made);
      sources.push(index);
    }
  }
  const { origins } = at.faults;
  return origins.set(items, {
    spot: origins.of(list) ?? at.spot,
    child: (step) => origins.child(list, sources[Number(step)] ?? -1),
  });
}
