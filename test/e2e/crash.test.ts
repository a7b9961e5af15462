import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { crashLoopImage, healthyImage, sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';

const [one, two, sleeper, crash] = await Promise.all([
  healthyImage('one', 'v1'),
  healthyImage('two', 'v2'),
  sleeperImage(),
  crashLoopImage(),
]);

afterAll(removeImages);

/** `gate` starts only when `web` is healthy, so that applying takes a while. */
function compose(web: string): string {
  return `services:\n  web:\n    image: ${web}\n  gate:\n    image: ${sleeper.reference}\n    depends_on: { web: { condition: service_healthy } }\n`;
}

/** For what the host does alone: it applies to the end, waits for the runner, and goes back. Far more than it takes. */
const PATIENCE_MS = 240_000;

const health = '  deadline: 20s\n  stability: 500ms\n  confirmTimeout: 15s\n';

async function deployedLab(): Promise<DeploymentLab> {
  const lab = await startDeploymentLab({ files: { 'compose.yaml': compose(one.reference) }, health });
  expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
  return lab;
}

async function webImage(lab: DeploymentLab): Promise<string> {
  return lab.sh(`docker inspect --format '{{.Image}} {{.State.Status}}' ${(await lab.ids())['web']}`);
}

/** The next version, which becomes healthy when it is let go. */
const held = `${two.reference}\n    healthcheck: { test: [CMD, test, -e, /tmp/ready], interval: 500ms, retries: 1000 }`;

async function letGo(lab: DeploymentLab): Promise<void> {
  await vi.waitFor(async () => expect(await webImage(lab)).toBe(`${two.id} running`), PATIENCE_MS);
  await lab.exec('web', 'touch', '/tmp/ready');
}

/** The old state is verified by what runs, by what is recorded, and by the next run finding nothing to do for it. */
async function expectOld(lab: DeploymentLab, release: string): Promise<void> {
  await vi.waitFor(async () => expect(await lab.transactionState()).toBe('reverted'), PATIENCE_MS);
  expect(await lab.current()).toBe(release);
  expect(await webImage(lab)).toBe(`${one.id} running`);
  expect([...(await lab.containers()).keys()].sort()).toEqual(['gate', 'web']);
}

describe.concurrent('a runner that is killed', () => {
  test('while the host applies leaves the old state, and the next run brings the new one', async () => {
    await using lab = await deployedLab();
    const release = await lab.current();
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    const run = lab.start();
    await run.waitForLog(/── up/);
    run.kill();
    await run.done;
    await expectOld(lab, release);
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await webImage(lab)).toBe(`${two.id} running`);
  });

  test('while it watches leaves the old state', async () => {
    await using lab = await deployedLab();
    const release = await lab.current();
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    const run = lab.start();
    await run.waitForLog(/web ok/);
    run.kill();
    await run.done;
    await expectOld(lab, release);
  });

  test('may sleep for so long that the host goes back alone, and holds no commit for that', async () => {
    await using lab = await deployedLab();
    const release = await lab.current();
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    const run = lab.start();
    await run.waitForLog(/web ok/);
    run.pause();
    await expectOld(lab, release);
    run.wake();
    const result = await run.done;
    expect(result.outputs['outcome']).toBe('rolled-back');
    expect(result.log).toContain('the host had not heard of this run');
    expect((await lab.gitops('hold list')).stdout).toContain('no commit is held');
  });

  test('is followed at once by a run of the same commit that goes on with what was begun', async () => {
    await using lab = await deployedLab();
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    const run = lab.start();
    await run.waitForLog(/── up/);
    run.kill();
    await run.done;
    const next = await lab.deploy();
    expect(next.outputs).toMatchObject({ outcome: 'deployed', verdict: 'healthy', changes: '1' });
    expect(next.log).toContain('this one goes on with it');
    expect(await lab.sh(`ls '${lab.folder}/transactions'`)).toBe('1\n2');
    expect(await webImage(lab)).toBe(`${two.id} running`);
  });

  test('is followed at once by a run of another commit that first puts the host right', async () => {
    await using lab = await deployedLab();
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    const run = lab.start();
    await run.waitForLog(/── up/);
    run.kill();
    await run.done;
    await lab.commit({ 'compose.yaml': `${compose(two.reference)}    labels: { newer: "true" }\n` });
    const next = await lab.deploy();
    expect(next.outputs['outcome']).toBe('deployed');
    expect(next.log).toContain('recovering');
    expect(await webImage(lab)).toBe(`${two.id} running`);
  });

  test('during the first deployment leaves nothing', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(one.reference) }, health });
    const run = lab.start();
    await run.waitForLog(/── up/);
    run.kill();
    await run.done;
    await vi.waitFor(async () => expect(await lab.transactionState()).toBe('reverted'), PATIENCE_MS);
    expect((await lab.containers()).size).toBe(0);
    expect(await lab.sh(`docker network ls -q --filter name=${lab.project}`)).toBe('');
  });

  test('together with the supervisor on the host is put right by the next run', async () => {
    await using lab = await deployedLab();
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    const run = lab.start();
    await run.waitForLog(/── up/);
    run.kill();
    await lab.sh(`kill -KILL $(cut -d' ' -f2 ${lab.folder}/transactions/2/status)`);
    await run.done;
    expect(await lab.transactionState()).toBe('applying');
    const next = await lab.deploy();
    expect(next.outputs['outcome']).toBe('deployed');
    expect(await webImage(lab)).toBe(`${two.id} running`);
    expect([...(await lab.containers()).values()].map(({ name }) => name).sort()).toEqual([
      `${lab.project}-gate-1`,
      `${lab.project}-web-1`,
    ]);
  });
});

describe.concurrent('a run', () => {
  test('that is cancelled while it watches says unknown, and the host goes back', async () => {
    await using lab = await deployedLab();
    const release = await lab.current();
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    const run = lab.start();
    await run.waitForLog(/web ok/);
    run.cancel();
    const result = await run.done;
    expect(result.outputs['outcome']).toBe('unknown');
    // It ended before the runner lost its patience, which takes 7.5 s.
    expect(result.exitCode).toBe(1);
    await expectOld(lab, release);
  });

  test('whose connection is cut says unknown, and the host goes back', async () => {
    await using lab = await deployedLab();
    const release = await lab.current();
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    const run = lab.start();
    await run.waitForLog(/── up/);
    lab.host.cutConnections();
    expect((await run.done).outputs['outcome']).toBe('unknown');
    await expectOld(lab, release);
  });

  test('waits for another one on the same environment, and finds its work done', async () => {
    await using lab = await deployedLab();
    await lab.commit({ 'compose.yaml': compose(held) });
    const first = lab.start();
    await first.waitForLog(/── up/);
    const second = lab.start();
    await second.waitForLog(/Waiting for/);
    await letGo(lab);
    expect((await first.done).outputs['outcome']).toBe('deployed');
    expect((await second.done).outputs['outcome']).toBe('unchanged');
  });

  test('that may not wait is refused with who holds the lease', async () => {
    await using lab = await deployedLab();
    await lab.commit({ 'compose.yaml': compose(held) });
    const first = lab.start();
    await first.waitForLog(/── up/);
    const second = await lab.deploy({ 'lock-wait': '0s' });
    expect(second.outputs['outcome']).toBe('refused');
    expect(second.log).toContain('holds it (deploy lab)');
    await letGo(lab);
    expect((await first.done).outputs['outcome']).toBe('deployed');
  });

  test('of an older commit that waited is superseded by a descendant', async () => {
    await using lab = await deployedLab();
    await using folder = await createTemporaryDirectory('clone');
    const clone = join(folder.path, 'older');
    await lab.commit({ 'compose.yaml': compose(two.reference), 'note.txt': 'older' });
    await lab.repository.git('clone', '--quiet', '.', clone);
    await lab.commit({ 'compose.yaml': `${compose(held)}    labels: { newer: "true" }\n` });
    const newer = lab.start();
    await newer.waitForLog(/── up/);
    const older = lab.start({}, { workspace: clone });
    await older.waitForLog(/Waiting for/);
    await letGo(lab);
    expect((await newer.done).outputs['outcome']).toBe('deployed');
    const result = await older.done;
    expect(result.outputs['outcome']).toBe('superseded');
    expect(result.exitCode).toBe(0);
  });

  test('may freeze a failed state, and the next one ends the freeze', async () => {
    await using lab = await deployedLab();
    const release = await lab.current();
    await lab.commit({ 'compose.yaml': `services:\n  web:\n    image: ${crash.reference}\n    restart: always\n` });
    const frozen = await lab.deploy({ 'on-failure': 'freeze' });
    expect(frozen.outputs).toMatchObject({ outcome: 'frozen', verdict: 'unhealthy', release });
    expect(await webImage(lab)).toContain(crash.id);
    await lab.commit({ 'compose.yaml': compose(two.reference) });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await webImage(lab)).toBe(`${two.id} running`);
  });

  test('leaves no process on the host', async () => {
    await using lab = await deployedLab();
    await vi.waitFor(async () => expect(await lab.host.processes()).toEqual([]), PATIENCE_MS);
  });
});
