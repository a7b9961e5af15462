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

/** Outputs of the validate-config action, with what they say until the run knows better. */
export const VALIDATE_OUTPUTS = {
  errors: '0',
  warnings: '0',
  changes: '0',
  result: '',
  sarif: '',
} as const satisfies Record<string, string>;

/** Sets every output, so that a failed step has them too. */
export function setOutputs(values: Values<typeof DEPLOY_OUTPUTS> | Values<typeof VALIDATE_OUTPUTS>): void {
  for (const [name, value] of Object.entries(values)) core.setOutput(name, value);
}

type Values<Outputs> = Readonly<Record<keyof Outputs, string>>;
