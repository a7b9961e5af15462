import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { generateSchemas } from '../../../../scripts/generate-schemas.ts';

test.each([...generateSchemas()])(
  'schemas/%s is what the schemas generate now (scripts/generate-schemas.ts)',
  async (name, text) => {
    const committed = await readFile(new URL(`../../../../schemas/${name}`, import.meta.url), 'utf8');
    expect(committed).toBe(text);
  },
);
