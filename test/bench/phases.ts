import { readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { timesOf } from './contest.ts';

const ResultFile = v.object({ timingsMs: v.record(v.string(), v.number()) });

/** Collects how long each phase of our runs took, to show where the time goes. */
export class Phases {
  readonly #runs: Readonly<Record<string, number>>[] = [];

  /** Takes the phases out of a run's `result.json`; what they leave of `totalMs` is the process around them. */
  async add(resultFile: string, totalMs: number): Promise<void> {
    const { timingsMs } = v.parse(ResultFile, JSON.parse(await readFile(resultFile, 'utf8')));
    const known = Object.values(timingsMs).reduce((sum, ms) => sum + ms, 0);
    this.#runs.push({ ...timingsMs, 'outside of phases': totalMs - known });
  }

  /** The medians, in the order in which they happen. `load` and `connect` run side by side. */
  text(): string {
    const names = Object.keys(this.#runs[0] ?? {});
    return names
      .map((name) => `${name} ${Math.round(timesOf(this.#runs.map((run) => run[name] ?? 0)).median)}`)
      .join(', ');
  }
}
