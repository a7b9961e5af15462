import * as core from '@actions/core';

/** How far the main step came, as its post step is told. */
const STATE = 'progress';

/** From here on there may be something to put right after this step. */
export function noteBegun(): void {
  core.saveState(STATE, 'begun');
}

/** The step knows how it ended: there is nothing to put right. */
export function noteEnded(): void {
  core.saveState(STATE, 'ended');
}

/** Whether the main step has changed something and was ended before it knew how that ended. */
export function isLeftUnfinished(): boolean {
  return core.getState(STATE) === 'begun';
}
