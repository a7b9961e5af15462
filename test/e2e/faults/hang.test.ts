import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { removeImages } from '../../lab/images.ts';
import { FaultLab, type Scenario } from './fault-lab.ts';

const PATIENCE_MS = 120_000;

/** Calls of Docker with these words hang as long as the file `hang` has them; `hanging` says that one does. */
function hangingDocker(directory: string): string {
  return `#!/bin/sh
words=$(cat '${directory}/hang' 2>/dev/null)
case " $* " in *" \${words:-no such words} "*) : >'${directory}/hanging' && exec sleep 2147483647 ;; esac
exec /usr/bin/docker "$@"
`;
}

/** A lab whose Docker hangs when it is told to. */
async function startLab(): Promise<FaultLab> {
  const faults = await FaultLab.start({
    environment: (directory) => ({ PATH: `${directory}/bin:/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin` }),
  });
  const { directory } = faults.lab.host;
  await faults.lab.sh(`mkdir -p '${directory}/bin' && cat >'${directory}/bin/docker'`, hangingDocker(directory));
  await faults.lab.sh(`chmod 755 '${directory}/bin/docker'`);
  return faults;
}

async function hang({ lab }: FaultLab, words: string): Promise<void> {
  await lab.sh(`rm -f '${lab.host.directory}/hanging'; printf '%s' '${words}' >'${lab.host.directory}/hang'`);
}

/** What hangs goes on hanging; what comes after it does not. */
async function hangNoMore({ lab }: FaultLab): Promise<void> {
  await lab.sh(`rm -f '${lab.host.directory}/hang'`);
}

async function hangs({ lab }: FaultLab): Promise<void> {
  await vi.waitFor(() => lab.sh(`test -e '${lab.host.directory}/hanging'`), { timeout: PATIENCE_MS, interval: 20 });
}

interface Phase {
  /** Words of the call that hangs. */
  readonly words: string;
  /** What the run says before it is called; left out, it hangs from the beginning. */
  readonly after?: RegExp;
  readonly scenario: Scenario;
  readonly outcome: string;
}

const phases: Readonly<Record<string, Phase>> = {
  'reading what runs': { words: 'ps -a', scenario: 'deploy', outcome: 'failed-before-change' },
  rendering: { words: 'config', scenario: 'rollback', outcome: 'failed-before-change' },
  'tagging images': { words: 'tag', scenario: 'deploy', outcome: 'unknown' },
  applying: { words: 'up', scenario: 'deploy', outcome: 'unknown' },
  'watching the health': { words: 'ps -a', after: /── up/, scenario: 'rollback', outcome: 'unknown' },
};

describe('a run that is cancelled while Docker hangs', () => {
  let faults: FaultLab;
  beforeAll(async () => {
    faults = await startLab();
  });
  afterAll(async () => {
    await faults[Symbol.asyncDispose]();
    await removeImages();
  });

  test.each(Object.entries(phases))('%s ends before the runner has to insist', async (phase, it) => {
    await faults.before(it.scenario);
    if (!it.after) await hang(faults, it.words);
    const run = faults.lab.start();
    if (it.after) {
      await run.waitForLog(it.after);
      await hang(faults, it.words);
    }
    await hangs(faults);
    await hangNoMore(faults);
    const since = performance.now();
    run.cancel();
    const result = await run.done;
    expect(result.signals).toEqual(['SIGINT']);
    expect(result.outputs['outcome']).toBe(it.outcome);
    expect(result.exitCode).toBe(1);
    await faults.lab.gitops('recover', '--lock-wait', '2m');
    expect(await faults.struck(`cancelled while Docker hangs ${phase}`, it.scenario, since)).toBe('old');
  });
});
