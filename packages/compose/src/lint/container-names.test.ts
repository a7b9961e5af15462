import { expect, test } from 'vitest';
import { containerNameFindings } from './container-names.ts';
import { lines, projectOf } from './testing/linted.ts';

const named = await projectOf('services:\n  web:\n    image: a:1\n    container_name: shop\n');

test.each(['blue-green', 'canary'] as const)('a fixed name of a container is refused with %s', (strategy) => {
  expect(lines(containerNameFindings(named, strategy))).toEqual([
    `4:21 compose/container-name \`web\` is always called \`shop\`, and \`strategy: ${strategy}\` starts it twice at a time → remove \`container_name\`: other services reach it by the name of the service`,
  ]);
});

test('a fixed name of a container is fine with recreate', () => {
  expect(containerNameFindings(named, 'recreate')).toEqual([]);
});

test('a container without a fixed name is fine with all of them', async () => {
  const project = await projectOf('services:\n  web:\n    image: a:1\n');
  expect(containerNameFindings(project, 'canary')).toEqual([]);
});
