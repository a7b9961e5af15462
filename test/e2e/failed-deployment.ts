import { readFile } from 'node:fs/promises';
import { DeployResultFile } from '@gitops/core';
import * as v from 'valibot';
import { expect } from 'vitest';
import type { ActionResult } from '../lab/action-runner.ts';
import type { DeploymentLab } from '../lab/deployment-lab.ts';

/** Every output of the deploy action, as a deployment leaves them that failed before it had a plan. */
const BEFORE_A_PLAN = {
  outcome: 'failed-before-change',
  verdict: 'unknown',
  release: '',
  'previous-release': '',
  changes: '0',
  'plan-hash': '',
  'duration-seconds': expect.stringMatching(/^\d+$/),
  result: expect.stringMatching(/\/result\.json$/),
};

/** A first deployment that fails, proven to have changed nothing; what the step said is in its log. */
export async function failedDeployment(
  lab: DeploymentLab,
  inputs: Readonly<Record<string, string>> = {},
): Promise<ActionResult> {
  const result = await lab.deploy(inputs);
  expect(result.outputs, result.log).toEqual(BEFORE_A_PLAN);
  expect(result.exitCode).toBe(1);
  expect(result.summary).toContain('❌ Failed before any change');
  expect((await resultFile(result)).error).toBeDefined();
  expect((await lab.containers()).size).toBe(0);
  await lab.sh(`test ! -e ${lab.folder}/releases`);
  return result;
}

/** `result.json`, which must have its documented form however the run ended. */
export async function resultFile({ outputs }: Pick<ActionResult, 'outputs'>): Promise<DeployResultFile> {
  return v.parse(DeployResultFile, JSON.parse(await readFile(outputs['result'] ?? '', 'utf8')));
}

/** The annotation that fails the step: what was attempted, what was seen, what to do. */
export function finalMessage({ annotations }: ActionResult): string {
  return annotations.findLast(({ level }) => level === 'error')?.message ?? '';
}
