import { setTimeout as sleep } from 'node:timers/promises';
import type { LabHost } from '../lab/lab-host.ts';
import type { CountRow } from './table.ts';

/** What a host may need, busy as it is, to notice that a connection is gone. */
const PATIENCE_MS = 10_000;

/** Counts what still runs on hosts between deployments, when the connection is closed. */
export class Residue {
  #most = 0;
  #looks = 0;
  #slowestMs = 0;

  /** Waits for those that are about to end; whoever is not then is there to stay. */
  async look(hosts: readonly LabHost[]): Promise<void> {
    const begin = performance.now();
    let left = await count(hosts);
    while (left > 0 && performance.now() - begin < PATIENCE_MS) {
      await sleep(10);
      left = await count(hosts);
    }
    this.#looks += 1;
    this.#most = Math.max(this.#most, left);
    this.#slowestMs = Math.max(this.#slowestMs, performance.now() - begin);
  }

  row(): CountRow {
    const note = `most of ${this.#looks} looks, none later than ${Math.ceil(this.#slowestMs)} ms after a run`;
    return { what: 'processes that stay on a host', count: this.#most, budget: 0, note };
  }
}

async function count(hosts: readonly LabHost[]): Promise<number> {
  const lists = await Promise.all(hosts.map((host) => host.processes()));
  return lists.flat().length;
}
