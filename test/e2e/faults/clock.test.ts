import { afterAll, describe, expect, test, vi } from 'vitest';
import { removeImages } from '../../lab/images.ts';
import { FaultLab } from './fault-lab.ts';
import { strike } from './moment.ts';
import { isLong } from './record.ts';
import { expectEnd } from './run-end.ts';

afterAll(removeImages);

const HOUR_MS = 3_600_000;

/** Another clock for a runner, as a container's would be that of the host: only dates differ, as no timer goes by them. */
function runnerClock(aheadMs: number): Readonly<Record<string, string>> {
  const module = `
    const Real = Date;
    const skewed = () => Real.now() + ${aheadMs};
    globalThis.Date = class Date extends Real {
      constructor(...given) { given.length === 0 ? super(skewed()) : super(...given); }
      static now() { return skewed(); }
    };`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
}

const skews = [
  { clock: 'an hour ahead of', aheadMs: HOUR_MS },
  { clock: 'an hour behind', aheadMs: -HOUR_MS },
];
/** The other way round each only with time for all. */
const isQuick = (aheadMs: number, isAhead: boolean) => isLong || aheadMs > 0 === isAhead;

describe.concurrent.each(skews)('a runner whose clock is $clock that of the host', ({ clock, aheadMs }) => {
  const env = runnerClock(aheadMs);

  if (isQuick(aheadMs, true))
    test('deploys, and goes back, as any other', async () => {
      await using faults = await FaultLab.start();
      await faults.before('deploy');
      const since = performance.now();
      const deployed = await faults.lab.start({}, { env }).done;
      await expectEnd(deployed, /^deployed$/);
      expect(await faults.struck(`clock ${clock}`, 'deploy', since), deployed.log).toBe('new');
      const again = await faults.lab.start({}, { env }).done;
      await expectEnd(again, /^unchanged$/);
      await faults.before('revert');
      const back = await faults.lab.start({}, { env }).done;
      await expectEnd(back, /^rolled-back$/);
      expect(await faults.struck(`clock ${clock}`, 'revert', since), back.log).toBe('old');
    });

  if (isQuick(aheadMs, false))
    test('is missed by the host as soon as any other, and its successor recovers what it left', async () => {
      await using faults = await FaultLab.start();
      await faults.before('deploy');
      const start = () => faults.lab.start({}, { env });
      const lost = await strike(faults.lab, 'it waits for the runner', '', start);
      lost.run.kill();
      await lost.run.done;
      const state = () => faults.lab.transactionState();
      await vi.waitFor(async () => expect(await state()).toBe('reverted'), { timeout: 60_000, interval: 200 });
      expect(await faults.struck(`clock ${clock}, runner killed`, 'deploy', lost.since)).toBe('old');

      const killed = await strike(faults.lab, 'its containers are being replaced', '', start);
      killed.run.kill();
      await killed.run.done;
      const next = await start().done;
      await expectEnd(next, /^deployed$/);
      expect(await faults.struck(`clock ${clock}, runner killed`, 'deploy', killed.since), next.log).toBe('new');
    });

  if (isLong)
    test('holds and gives back the lease as any other', async () => {
      await using faults = await FaultLab.start();
      await faults.before('deploy');
      const first = await strike(faults.lab, 'its containers are being replaced', '', () =>
        faults.lab.start({}, { env }),
      );
      const second = faults.lab.start();
      await second.waitForLog(/Waiting for/);
      await expectEnd(await first.run.done, /^deployed$/);
      await expectEnd(await second.done, /^unchanged$/);
      expect(await faults.struck(`clock ${clock}, two runners`, 'deploy', first.since)).toBe('new');
    });
});
