import { describe, expect, it } from 'vitest';
import { lines, projectOf } from './testing/linted.ts';
import { unusedFindings } from './unused.ts';

async function findingsOf(rest: string, words = ''): Promise<readonly string[]> {
  return lines(unusedFindings(await projectOf(`services:\n  web: { image: "a:1"${words} }\n${rest}`)));
}

describe('what no service uses', () => {
  it.each([
    ['networks', 'networks: { back: }'],
    ['volumes', 'volumes: { back: }'],
    ['secrets', 'secrets: { back: { external: true } }'],
    ['configs', 'configs: { back: { content: x } }'],
  ])('of %s is told', async (section, rest) => {
    expect(await findingsOf(`${rest}\n`)).toEqual([
      `3:${section.length + 5} compose/unused no service uses \`back\` of \`${section}\`, so Compose does not make it → remove it, or name it in a service`,
    ]);
  });

  it.each([
    ['networks', 'networks: { back: }', ', networks: [back]'],
    ['networks, unnamed', 'networks: { default: { name: edge } }', ''],
    ['volumes', 'volumes: { back: }', ', volumes: ["back:/data"]'],
    ['secrets', 'secrets: { back: { external: true } }', ', secrets: [back]'],
    ['secrets of a build', 'secrets: { back: { external: true } }', ', build: { context: ., secrets: [back] }'],
    ['configs', 'configs: { back: { content: x } }', ', configs: [back]'],
  ])('is nothing that one uses: %s', async (_, rest, words) => {
    expect(await findingsOf(`${rest}\n`, words)).toEqual([]);
  });
});

it('`version` is told to mean nothing', async () => {
  expect(await findingsOf('version: "3.8"\n')).toEqual([
    '3:10 compose/obsolete-version `version` means nothing to Compose any more → remove the line',
  ]);
});
