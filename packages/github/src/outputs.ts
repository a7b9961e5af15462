import * as core from '@actions/core';

/** Outputs of the deploy action, with what they say until the run knows better. */
export const DEPLOY_OUTPUTS = {
  outcome: 'unknown',
  verdict: 'unknown',
  release: '',
  'previous-release': '',
  changes: '0',
  'plan-hash': '',
  'duration-seconds': '0',
  result: '',
} as const satisfies Record<string, string>;

export type DeployOutput = keyof typeof DEPLOY_OUTPUTS;

/** Sets every output, so that a failed step has them too. */
export function setOutputs(values: Readonly<Record<DeployOutput, string>>): void {
  for (const [name, value] of Object.entries(values)) core.setOutput(name, value);
}
