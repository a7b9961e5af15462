import { describe, expect, it } from 'vitest';
import { lines, projectOf } from './testing/linted.ts';
import { extensionFindings } from './x-gitops.ts';

async function findingsOf(extension: string): Promise<readonly string[]> {
  return lines(extensionFindings(await projectOf(`services:\n  web:\n    image: a:1\n    x-gitops: ${extension}\n`)));
}

describe('`x-gitops` of a service', () => {
  it.each(['{ role: service }', '{ role: job }', '{ role: optional }', '{}'])('may be %s', async (extension) => {
    expect(await findingsOf(extension)).toEqual([]);
  });

  it.each([
    ['{ rol: job }', '4:22 compose/x-gitops `x-gitops` of `web` has the unknown key `rol` → did you mean `role`?'],
    [
      '{ canary: {} }',
      '4:17 compose/x-gitops `canary` in `x-gitops` of `web` is reserved, not supported yet → remove it',
    ],
    [
      '{ onChange: restart }',
      '4:27 compose/x-gitops `onChange` in `x-gitops` of `web` is reserved, not supported yet → remove it',
    ],
    ['{ role: jobs }', '4:23 compose/x-gitops the role of `web` is `jobs`, which is none → did you mean `job`?'],
    [
      '{ role: [] }',
      '4:17 compose/x-gitops the role of `web` is `[]`, which is none → use one of `service`, `job`, `optional`',
    ],
    ['job', '4:15 compose/x-gitops `x-gitops` of `web` is no mapping → write `x-gitops: { role: job }`, or remove it'],
    ['', '4:5 compose/x-gitops `x-gitops` of `web` is no mapping → write `x-gitops: { role: job }`, or remove it'],
  ])('may not be %s', async (extension, finding) => {
    expect(await findingsOf(extension)).toEqual([finding]);
  });
});
