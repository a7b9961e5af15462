import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { writeSummary } from './step.ts';

/** The runner drops a summary that is larger. */
const MIB = 1024 * 1024;
const POINTER = '\n\n… the rest is in result.json\n';

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gitops-summary-'));
  path = join(folder, 'summary.md');
  vi.stubEnv('GITHUB_STEP_SUMMARY', path);
});
beforeEach(() => writeFile(path, ''));
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function written(...texts: readonly string[]): Promise<string> {
  for (const text of texts) await writeSummary(text);
  return readFile(path, 'utf8');
}

test('a summary that fits is written as it is, one part behind the other', async () => {
  expect(await written('# one\n', 'two\n')).toBe('# one\ntwo\n');
});

test('all parts of a summary together are no larger than GitHub shows', async () => {
  const part = 'a line that has umlauts: äöü\n'.repeat(14_000);
  const text = await written(part, part, part, part);
  expect(Buffer.byteLength(text)).toBeLessThan(MIB);
  expect(text.startsWith(part + part)).toBe(true);
  expect(text.endsWith(POINTER)).toBe(true);
});

test('a summary is cut by its bytes, however few characters they are', async () => {
  const text = await written('日本\n'.repeat(200_000));
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
  expect(Buffer.byteLength(text)).toBeGreaterThan(999_900);
});

test('a summary that is cut leaves nothing open that would swallow what comes behind', async () => {
  const folded = `<details><summary>all</summary>\n\n\`\`\`\n${'x\n'.repeat(600_000)}\`\`\`\n\n</details>\n`;
  expect(await written('# head\n', folded)).toBe(`# head\n${POINTER}`);
});

test('outside of a job nothing is written', async () => {
  vi.stubEnv('GITHUB_STEP_SUMMARY', '');
  await writeSummary('# one\n');
  vi.stubEnv('GITHUB_STEP_SUMMARY', path);
  expect(await readFile(path, 'utf8')).toBe('');
});
