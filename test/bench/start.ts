import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';
import { contest } from './contest.ts';
import { timed } from './stop-watch.ts';
import type { Row } from './table.ts';

const bundle = join(import.meta.dirname, '..', '..', 'actions', 'deploy', 'dist', 'index.js');

/**
 * The bundle without any input ends at the first one it reads. Its whole process is measured, with the result and the summary
 * that it still writes, so it is a little more than the way to that input.
 */
export async function measureStart(): Promise<Row> {
  await using directory = await createTemporaryDirectory('start');
  const env = { PATH: process.env['PATH'], HOME: directory.path, RUNNER_TEMP: directory.path, GITHUB_ACTIONS: 'true' };
  const run = async (args: readonly string[]): Promise<void> => {
    await once(spawn(process.execPath, [...args], { cwd: directory.path, env, stdio: 'ignore' }), 'exit');
  };
  const { ours, plain } = await contest({
    ours: () => timed(() => run([bundle])),
    plain: () => timed(() => run(['-e', '0'])),
  });
  return { what: 'start to the first input, against node -e 0', ours, plain, budget: 5 };
}
