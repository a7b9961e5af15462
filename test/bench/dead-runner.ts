import { environmentFile } from '../lab/deployment-lab.ts';
import type { Arena } from './arena.ts';
import { contest } from './contest.ts';
import type { Row } from './table.ts';

const CONFIRM_TIMEOUT_MS = 5000;
const ROUNDS = 5;
const health = `  deadline: 60s\n  stability: 20s\n  confirmTimeout: ${CONFIRM_TIMEOUT_MS}ms\n`;

/**
 * The runner dies while it watches: how long until the host has verified the former state, without the silence that it grants a
 * runner, beside `docker compose up -d` of the older file by hand on the host.
 */
export async function measureDeadRunner({ lab, plain, composeFile }: Arena): Promise<Row> {
  await lab.repository.write({ 'environments/lab/environment.yml': environmentFile(lab.host, health) });
  let version = 1000;
  const times = await contest(
    {
      ours: async () => {
        await lab.commit({ 'compose.yaml': composeFile('ours', String(++version)) });
        const run = lab.start();
        await run.waitForLog(/web (?:starting|ok)/);
        const killed = performance.now();
        run.kill();
        await lab.sh(
          `until grep -q '^reverted ' "$(ls -td '${lab.folder}'/transactions/*/ | head -n 1)status"; do sleep 0.02; done`,
        );
        return performance.now() - killed - CONFIRM_TIMEOUT_MS;
      },
      plain: async () => {
        await plain.copy(composeFile('plain', `new${version}`));
        await plain.up();
        await plain.copy(composeFile('plain', String(version)));
        return plain.upOnHost();
      },
    },
    ROUNDS,
  );
  return { what: 'dead runner, beyond confirmTimeout', ...times, budget: 1.3 };
}
