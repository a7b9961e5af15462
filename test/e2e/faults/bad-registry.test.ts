import { afterAll, describe, expect, test, vi } from 'vitest';
import { labMachine } from '../../lab/host.ts';
import { removeImages } from '../../lab/images.ts';
import { type Registry, startRegistry } from '../../lab/registry.ts';
import { startTruncatingProxy } from '../../lab/truncating-proxy.ts';
import { publishFarImage } from './far-image.ts';
import { FaultLab } from './fault-lab.ts';
import { strike } from './moment.ts';
import { isLong } from './record.ts';
import { expectEnd } from './run-end.ts';

const pulled: string[] = [];

afterAll(async () => {
  if (pulled.length > 0) await labMachine().run(['docker', 'rmi', '--force', ...pulled]);
  await removeImages();
});

interface FarLab extends AsyncDisposable {
  readonly faults: FaultLab;
  readonly registry: Registry;
}

/** A lab that runs version one, and is about to pull version two. */
async function startFarLab(): Promise<FarLab> {
  const stack = new AsyncDisposableStack();
  const registry = stack.use(await startRegistry());
  const two = await publishFarImage(registry);
  const faults = stack.use(await FaultLab.start({ references: { two } }));
  await faults.before('deploy');
  pulled.push(two);
  return { faults, registry, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** What comes of a deployment whose image does not come, and of the next one with a registry that is well. */
async function expectOldThenNew({ faults, registry }: FarLab, fault: string, since: number): Promise<void> {
  expect(await faults.struck(fault, 'deploy', since)).toBe('old');
  await registry.relay.accept();
  const next = await faults.lab.deploy();
  await expectEnd(next, /^deployed$/);
  expect(await faults.struck(`${fault}, then well`, 'deploy', since), next.log).toBe('new');
}

describe.concurrent('a registry', () => {
  if (isLong)
    test('that refuses leaves the old state', async () => {
      await using lab = await startFarLab();
      const since = performance.now();
      await lab.registry.relay.refuse();
      const first = await lab.faults.lab.deploy();
      await expectEnd(first, /^failed-before-change$/);
      expect(first.log).toContain('nobody answers at');
      await expectOldThenNew(lab, 'registry refuses', since);
    });

  test('that goes away in the middle of a pull leaves the old state', async () => {
    await using lab = await startFarLab();
    lab.registry.relay.stall();
    const { run, since } = await strike(lab.faults.lab, 'an image is being pulled');
    await lab.registry.relay.refuse();
    await expectEnd(await run.done, /^failed-before-change$/);
    await expectOldThenNew(lab, 'registry goes away', since);
  });

  if (isLong)
    test('that hangs leaves the old state once the run is cancelled', async () => {
      await using lab = await startFarLab();
      lab.registry.relay.stall();
      const { run, since } = await strike(lab.faults.lab, 'an image is being pulled');
      run.cancel();
      await expectEnd(await run.done, /^failed-before-change$/);
      await vi.waitFor(async () => expect(await lab.faults.lab.host.processes()).toEqual([]), {
        timeout: 60_000,
        interval: 100,
      });
      await expectOldThenNew(lab, 'registry hangs', since);
    });

  test('that sends half of each layer leaves the old state', async () => {
    await using lab = await startFarLab();
    const { relay, server } = lab.registry;
    await using proxy = await startTruncatingProxy(server);
    relay.leadTo(proxy.place);
    const since = performance.now();
    const first = await lab.faults.lab.deploy();
    expect(proxy.truncated()).toBeGreaterThan(0);
    await expectEnd(first, /^failed-before-change$/);
    relay.leadTo(server);
    await expectOldThenNew(lab, 'layers truncated', since);
  });
});
