import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { generatedFiles } from '../scripts/generate.ts';
import { withTables } from '../scripts/generate-readme.ts';

test.each([...(await generatedFiles())])('%s is what its source generates now (pnpm generate)', async (path, text) => {
  expect(await readFile(join(import.meta.dirname, '..', path), 'utf8')).toBe(text);
});

test('a README without the place for a table is refused by name', () => {
  expect(() => withTables('# Deploy\n', 'inputs: {}\noutputs: {}\n', 'actions/x/README.md')).toThrow(
    'actions/x/README.md needs the lines <!-- inputs: made from action.yml by `pnpm generate` -->',
  );
});
