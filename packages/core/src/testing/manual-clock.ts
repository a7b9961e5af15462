import type { Clock } from '../ports.ts';

/** A clock that moves only when somebody sleeps, and then at once. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #onTick: (now: number) => void;

  /** `onTick` is called after each sleep. */
  constructor(onTick: (now: number) => void = () => {}) {
    this.#onTick = onTick;
  }

  now(): number {
    return this.#now;
  }

  today(): Date {
    return new Date(Date.UTC(2026, 0, 1, 12) + this.#now);
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#now += ms;
    this.#onTick(this.#now);
    signal.throwIfAborted();
  }
}
