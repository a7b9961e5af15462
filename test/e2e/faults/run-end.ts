import { expect } from 'vitest';
import type { ActionResult } from '../../lab/action-runner.ts';
import { resultFile } from '../failed-deployment.ts';

/** A run that has ended by itself says how in its outputs and in its result file; one that crashed has no such file. */
export async function expectEnd(result: ActionResult, outcome: RegExp): Promise<void> {
  const told = result.log.replaceAll(/^::add-mask::.*\n/gm, '').replaceAll(/^.{2000}.*$/gm, '…');
  expect(result.outputs['outcome'], told).toMatch(outcome);
  expect(result.outputs['result'], `the run has written no result:\n${told}`).not.toBe('');
  expect((await resultFile(result)).outcome).toBe(result.outputs['outcome']);
}
