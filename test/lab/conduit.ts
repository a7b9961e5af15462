import { Transform, type TransformCallback } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a way treats what goes along it; `gate` settles when it may go on. */
export interface WayConditions {
  /** How long a chunk is on its way, in milliseconds; 0 if it is there at once. */
  readonly delayMs: () => number;
  /** `undefined` as long as nothing is held up. */
  readonly gate: () => Promise<void> | undefined;
}

/** One direction of a connection: bytes arrive in their order, and as late as the way makes them. */
export class Conduit extends Transform {
  readonly #way: WayConditions;
  #last: Promise<void> = Promise.resolve();
  #underway = 0;

  constructor(way: WayConditions) {
    super();
    this.#way = way;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const delayMs = this.#way.delayMs();
    if (delayMs === 0 && this.#underway === 0 && !this.#way.gate()) {
      done(null, chunk);
      return;
    }
    this.#underway += 1;
    this.#last = this.#arrive(this.#last, chunk, performance.now() + delayMs);
    done();
  }

  override _flush(done: TransformCallback): void {
    void this.#last.then(() => this.#way.gate()).then(() => done());
  }

  async #arrive(before: Promise<void>, chunk: Buffer, due: number): Promise<void> {
    await before;
    await sleep(Math.max(0, due - performance.now()));
    await this.#way.gate();
    this.#underway -= 1;
    if (!this.destroyed) this.push(chunk);
  }
}
