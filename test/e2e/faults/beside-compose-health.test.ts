import { afterAll, describe, expect, test, vi } from 'vitest';
import { crashLoopImage, jobImage, sleeperImage } from '../../lab/image-kinds.ts';
import { removeImages } from '../../lab/images.ts';
import { BesideLab, PATIENCE, project, service } from './beside-compose-lab.ts';

const [calm, crash, job] = await Promise.all([sleeperImage(), crashLoopImage(), jobImage(0)]);

afterAll(removeImages);

const old = project([service('web', calm.reference)]);

async function expectRolledBack({ lab }: BesideLab): Promise<void> {
  const release = await lab.current();
  const { outputs, log } = await lab.deploy();
  expect(outputs, log).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy', release });
}

describe('what plain Compose calls a success is rolled back:', () => {
  test('a service that crashes again and again, which `--wait` calls healthy', async () => {
    await using beside = await BesideLab.start(old);
    const { lab, plain } = beside;
    await beside.change(project([`  web:\n    image: ${crash.reference}\n    restart: always\n`]));
    const restarts = async () => Number(await plain.inspect('web', '{{.RestartCount}}'));

    expect((await plain.up()).code).toBe(0);
    await vi.waitFor(async () => expect(await restarts()).toBeGreaterThan(1), PATIENCE);
    await plain.compose('down');
    const waited = await plain.up('--wait');
    expect(waited).toEqual({ code: 0, output: expect.stringMatching(/web-1 +Healthy/) });
    await vi.waitFor(async () => expect(await restarts()).toBeGreaterThan(1), PATIENCE);

    await expectRolledBack(beside);
    expect(await beside.inspect('web', '{{.Image}} {{.State.Status}}')).toBe(`${calm.id} running`);
    expect(await lab.current()).toMatch(/^1-/);
  });

  test('a command that does not exist, below an init process', async () => {
    await using beside = await BesideLab.start(old);
    const { plain } = beside;
    await beside.change(
      project([`  web:\n    image: ${calm.reference}\n    init: true\n    command: [/does/not/exist]\n`]),
    );

    expect((await plain.up()).code).toBe(0);
    await vi.waitFor(async () => expect(await plain.containers()).toEqual(['web-1 exited']), PATIENCE);
    expect(await plain.inspect('web', '{{.State.ExitCode}}')).toBe('127');

    await expectRolledBack(beside);
    expect(await beside.containers()).toEqual(['web-1 running']);
    expect(await beside.inspect('web', '{{.HostConfig.Init}}')).not.toBe('true');
  });
});

test('a job that is done is run again by each `up` of plain Compose, and by no deployment that does not change it', async () => {
  const migrate = `  migrate:\n    image: ${job.reference}\n    x-gitops: { role: job }\n`;
  const text = (label: string) => project([migrate, service('web', calm.reference, `labels: { a: ${label} }`)]);
  await using beside = await BesideLab.start(text('one'));
  const { lab, plain } = beside;
  const start = '{{.Id}} {{.State.StartedAt}}';
  const done = ['migrate-1 exited', 'web-1 running'];
  await vi.waitFor(async () => expect(await plain.containers()).toEqual(done), PATIENCE);
  const [byHand, ours] = await Promise.all([plain.inspect('migrate', start), beside.inspect('migrate', start)]);

  expect((await plain.up()).code).toBe(0);
  expect(await plain.inspect('migrate', start)).not.toBe(byHand);

  expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'unchanged' });
  await lab.commit(text('two'));
  expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
  expect(await beside.inspect('migrate', start)).toBe(ours);
});
