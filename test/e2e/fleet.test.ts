import { afterAll, describe, expect, test, vi } from 'vitest';
import type { ActionResult } from '../lab/action-runner.ts';
import { startFleet } from '../lab/fleet-lab.ts';
import { crashLoopImage, healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { resultFile } from './failed-deployment.ts';

const [one, two, crash] = await Promise.all([healthyImage('one', 'v1'), healthyImage('two', 'v2'), crashLoopImage()]);
const fleet = await startFleet(['alpha', 'beta', 'gamma'], [one.reference, two.reference, crash.reference]);
const targets = [...fleet.hosts.keys()];

afterAll(async () => {
  await fleet[Symbol.asyncDispose]();
  await removeImages();
});

/** The images of all six stacks. */
function everywhere(image: string): Record<string, string> {
  return Object.fromEntries(
    targets.flatMap((target) => [`${target}/apps`, `${target}/edge`].map((stack) => [stack, image])),
  );
}

async function outcomesOf(result: ActionResult): Promise<Record<string, string>> {
  return Object.fromEntries((await resultFile(result)).targets.map(({ name, outcome }) => [name, outcome]));
}

async function expectEverywhere(image: string): Promise<void> {
  for (const target of targets) {
    expect(await fleet.runningOn(target)).toEqual([`apps ${image} running`, `edge ${image} running`]);
  }
}

/** Every test begins where all hosts run the first image. */
async function allOld(): Promise<readonly string[]> {
  await fleet.commit(everywhere(one.reference));
  const result = await fleet.deploy();
  expect(['deployed', 'unchanged'], result.log).toContain(result.outputs['outcome']);
  expect((await fleet.deploy()).outputs['outcome']).toBe('unchanged');
  return fleet.ids();
}

describe('three hosts with two stacks each', () => {
  test('are deployed by one run, and a second run changes nothing', async () => {
    const first = await fleet.deploy();
    expect(first.outputs, first.log).toMatchObject({ outcome: 'deployed', verdict: 'healthy', changes: '12' });
    expect(await outcomesOf(first)).toEqual({ alpha: 'deployed', beta: 'deployed', gamma: 'deployed' });
    expect(first.summary).toContain('| alpha | 127.0.0.1 |');
    const ids = await fleet.ids();
    expect((await fleet.deploy()).outputs).toMatchObject({ outcome: 'unchanged', release: first.outputs['release'] });
    expect(await fleet.ids()).toEqual(ids);
  });

  test('change only where the commit changes something, and agree on the number of a release', async () => {
    await allOld();
    const before = await fleet.runningOn('alpha');
    await fleet.commit({ 'beta/edge': two.reference });
    const result = await fleet.deploy();
    expect(result.outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await outcomesOf(result)).toEqual({ alpha: 'unchanged', beta: 'deployed', gamma: 'unchanged' });
    expect(await fleet.runningOn('alpha')).toEqual(before);
    expect(await fleet.runningOn('beta')).toEqual([`apps ${one.id} running`, `edge ${two.id} running`]);
    await fleet.commit({ ...everywhere(one.reference), 'alpha/apps': two.reference, 'gamma/apps': two.reference });
    const next = await resultFile(await fleet.deploy());
    expect(next.targets.map(({ outcome }) => outcome)).toEqual(['deployed', 'deployed', 'deployed']);
    expect(new Set(next.targets.map(({ release }) => release)).size).toBe(1);
  });

  test('all go back when one of them fails', async () => {
    await allOld();
    await fleet.commit({ ...everywhere(two.reference), 'gamma/edge': crash.reference });
    const result = await fleet.deploy();
    expect(result.outputs, result.log).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
    expect(await outcomesOf(result)).toEqual({ alpha: 'rolled-back', beta: 'rolled-back', gamma: 'rolled-back' });
    expect(result.log).toContain('gamma: edge/web');
    await expectEverywhere(one.id);
  });

  test('all go back when a step fails on one of them', async () => {
    await allOld();
    await fleet.commit(everywhere(two.reference));
    await fleet.repository.write({
      'environments/lab/beta/apps/compose.yaml': `services:\n  web:\n    image: ${two.reference}\n    command: [/missing]\n`,
    });
    await fleet.repository.commit('a command that is not there');
    const result = await fleet.deploy();
    expect(result.outputs, result.log).toMatchObject({ outcome: 'rolled-back' });
    expect(result.log).toContain('/missing');
    await expectEverywhere(one.id);
  });

  test('are left alone, all of them, while one is down', async () => {
    const before = await allOld();
    await fleet.commit({ 'alpha/apps': two.reference, 'beta/apps': two.reference });
    await fleet.repository.write({
      'environments/lab/environment.yml': (await environment()).replace(
        `port: ${fleet.host('beta').port},`,
        'port: 9,',
      ),
    });
    await fleet.repository.commit('beta is down');
    const result = await fleet.deploy();
    expect(result.outputs, result.log).toMatchObject({ outcome: 'failed-before-change', changes: '0' });
    expect(await fleet.ids()).toEqual(before);
    await fleet.repository.git('revert', '--no-edit', 'HEAD');
    expect((await fleet.deploy()).outputs['outcome']).toBe('deployed');
  });

  test('go back, also the one that cannot be reached any more', async () => {
    await allOld();
    await fleet.commit(everywhere(two.reference));
    const run = fleet.start();
    await run.waitForLog(/alpha: apps\/web ok/);
    fleet.host('beta').cutConnections();
    const result = await run.done;
    expect(result.outputs, result.log).toMatchObject({ outcome: 'unknown' });
    await vi.waitFor(() => expectEverywhere(one.id), 120_000);
    await fleet.commit(everywhere(two.reference));
    expect((await fleet.deploy()).outputs['outcome']).toBe('deployed');
    await expectEverywhere(two.id);
  });
});

function environment(): Promise<string> {
  return fleet.repository.git('show', 'HEAD:environments/lab/environment.yml');
}
