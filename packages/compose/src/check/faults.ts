import type { Finding, Place } from '@gitops/core';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { COMPOSE_RULES } from '../rules.ts';
import {
  type Container,
  keyPlace,
  type Origins,
  type Spot,
  type Step,
  sourceOf,
  valueIn,
  valuePlace,
} from './origins.ts';

export type ComposeRule = keyof typeof COMPOSE_RULES;

/** The place of a fault: a value of a container or, without `step`, the container itself; or a spot in a file. */
export interface Where {
  readonly in?: Container;
  readonly step?: Step | undefined;
  readonly spot?: Spot | undefined;
  /** Of what is no YAML. */
  readonly place?: Place;
  /** Points at the key, e.g. of a value that is too much or missing. */
  readonly atKey?: true;
}

/** Collects what Compose would refuse, and what it reads in another way than it is written. */
export class Faults {
  readonly findings: Finding[] = [];
  readonly origins: Origins;
  /** What is named where nobody wrote a value. */
  readonly file: string;

  constructor(origins: Origins, file: string) {
    this.origins = origins;
    this.file = file;
  }

  /** Whether something would be refused that nobody can read on without. A key that nobody reads is no such thing. */
  get isUnreadable(): boolean {
    return this.findings.some(({ rule, severity }) => severity === 'error' && rule !== 'compose/unknown-key');
  }

  add(rule: ComposeRule, where: Where, message: string, remedy: string): void {
    if (message.includes(UNKNOWN_VALUE) || isUnknown(where)) return;
    const place = where.place ?? this.#placeOf(where) ?? { file: this.file };
    this.findings.push({ rule, severity: COMPOSE_RULES[rule].level, ...place, message, remedy });
  }

  #placeOf(where: Where): Place | undefined {
    const spot = this.#spot(where);
    if (!spot) return undefined;
    return where.atKey ? keyPlace(spot) : valuePlace(spot);
  }

  /** A value as the file says it, with its variables as they are written: what they stand for may be secret. */
  shown(where: Where): string {
    const spot = this.#spot(where);
    const text = spot ? sourceOf(spot) : '';
    return `\`${this.isShort(text) ? text : `${text.slice(0, 39)}…`}\``;
  }

  isShort(text: string): boolean {
    return text.length <= 40;
  }

  #spot({ in: container, step, spot }: Where): Spot | undefined {
    if (container === undefined) return spot;
    const child = step === undefined ? undefined : this.origins.child(container, step);
    return child ?? this.origins.of(container);
  }
}

/** A value that nobody knows here says nothing of the file. */
function isUnknown({ in: container, step }: Where): boolean {
  const value = container === undefined || step === undefined ? undefined : valueIn(container, step);
  return typeof value === 'string' && value.includes(UNKNOWN_VALUE);
}
