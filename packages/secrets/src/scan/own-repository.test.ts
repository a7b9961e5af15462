import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { scanFiles } from './scan-files.ts';
import { sopsFindings } from './sops-findings.ts';

const root = join(import.meta.dirname, '..', '..', '..', '..');

test('no file of this repository holds a secret', async () => {
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-z'], { cwd: root, maxBuffer: 2 ** 26 });
  const read = stdout
    .split('\0')
    .filter((path) => path !== '')
    .map(fileOf);
  const files = (await Promise.all(read)).flat();
  const options = { environments: [], sharedRecipients: [], rotateAfterMs: Number.MAX_SAFE_INTEGER, now: new Date() };
  const findings = [...(await scanFiles(files)), ...sopsFindings(files, options)];
  expect(findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
});

/** Nothing for a file that is listed and was deleted, and for a link to a folder. */
async function fileOf(path: string) {
  const content = await readFile(join(root, path)).catch(() => undefined);
  return content === undefined ? [] : [{ path, content }];
}
