import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

test.each([
  ['standard output', '--help', 'stdout', 0],
  ['standard error', '--nonsense', 'stderr', 2],
] as const)('a command ends as ever, and quietly, when nobody reads its %s any more', async (_, word, closed, code) => {
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', MAIN, word], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child[closed].destroy();
  const rest = closed === 'stdout' ? text(child.stderr) : text(child.stdout);
  const [exitCode] = await once(child, 'close');
  expect([exitCode, await rest]).toEqual([code, '']);
});
