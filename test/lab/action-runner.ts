import { ActionJob, type ActionOptions, type ActionResult } from './action-job.ts';

export type { ActionOptions, ActionResult } from './action-job.ts';

/** A started action. */
export interface ActionRun {
  readonly done: Promise<ActionResult>;
  /** Cancels as GitHub does: SIGINT, 7.5 s, SIGTERM, 2.5 s, SIGKILL to the tree. The post step runs afterwards. */
  cancel(): void;
  /** The machine is lost: SIGKILL to the tree, no post step. */
  kill(): void;
  /** The machine sleeps, or stops sleeping: SIGSTOP and SIGCONT to the step. */
  pause(): void;
  wake(): void;
  /** Resolves with the match once the unmasked log has it; rejects if the action ends without. */
  waitForLog(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts the built bundle in `actionDirectory` as a runner of GitHub would, with an environment of its own. */
export function startAction(actionDirectory: string, options: ActionOptions = {}): ActionRun {
  const job = new ActionJob(actionDirectory, options);
  const done = job.run().finally(() => job.watch.close());
  // Whoever awaits `done` sees its failure; a test that only waits for the log must not end by an unhandled rejection.
  done.catch(() => {});
  return {
    done,
    cancel: () => job.cancel(),
    kill: () => job.kill(),
    pause: () => job.signal('SIGSTOP'),
    wake: () => job.signal('SIGCONT'),
    waitForLog: (pattern) => job.watch.waitFor(pattern),
  };
}

/** Runs the built bundle in `actionDirectory` to its end, post step included. */
export function runAction(actionDirectory: string, options: ActionOptions = {}): Promise<ActionResult> {
  return startAction(actionDirectory, options).done;
}
