import { expect, it } from 'vitest';
import { composeRelease } from './compose-release.ts';

it.each([
  ['2.24.0', [true, true, true]],
  ['2.26.1-4', [true, true, true]],
  ['v2.29.3', [true, true, true]],
  ['2.29.4', [true, false, true]],
  ['2.30', [false, false, true]],
  ['2.36.2', [false, false, true]],
  ['2.37.0', [false, false, false]],
  ['2.40.3-3', [false, false, false]],
  ['5.0.1', [false, false, false]],
  ['', [false, false, false]],
  ['dev', [false, false, false]],
])('Compose %j hashes dependencies, recreates dependents, keeps changed networks: %j', (version, expected) => {
  const { hashesDependencies, recreatesDependents, keepsChangedNetworks } = composeRelease(version);
  expect([hashesDependencies, recreatesDependents, keepsChangedNetworks]).toEqual(expected);
});
