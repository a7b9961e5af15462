import { appendFileSync } from 'node:fs';

/** What came of one fault. */
export interface Struck {
  /** What was done, e.g. `runner killed`. */
  readonly fault: string;
  /** What it happened to, e.g. `a first deployment`. */
  readonly during: string;
  readonly ended: 'old' | 'new' | 'otherwise';
  /** From the fault to a state that was verified. */
  readonly ms: number;
  /** What was seen where it ended otherwise. */
  readonly seen?: string;
}

/** The file that gathers what came of the faults of a run of the tests; `scripts/faults.ts` makes a table of it. */
export const reportVariable = 'GITOPS_FAULTS_REPORT';

/** Whether as many faults are tried as there is time for, or only so many that a change is checked quickly. */
export const isLong = process.env['GITOPS_FAULTS'] === 'long';

/** Notes what came of a fault. */
export function record(struck: Struck): void {
  const file = process.env[reportVariable];
  if (file) appendFileSync(file, `${JSON.stringify(struck)}\n`);
}
