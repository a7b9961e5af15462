import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { ActionRun } from '../lab/action-runner.ts';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { crashLoopImage, healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../lab/temporary-directory.ts';

const [one, two, crash] = await Promise.all([healthyImage('one', 'v1'), healthyImage('two', 'v2'), crashLoopImage()]);

afterAll(removeImages);

const health = '  deadline: 30s\n  stability: 500ms\n  confirmTimeout: 20s\n';
const PATIENCE_MS = 240_000;

function compose(image: string, more = ''): Readonly<Record<string, string>> {
  return { 'compose.yaml': `services:\n  web:\n    image: ${image}\n${more}` };
}

/** Becomes healthy when the test lets it. */
const held = compose(
  two.reference,
  '    healthcheck: { test: [CMD, test, -e, /tmp/ready], interval: 300ms, retries: 1000 }\n',
);

async function deployedLab(): Promise<DeploymentLab> {
  const lab = await startDeploymentLab({ files: compose(one.reference), health });
  expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
  return lab;
}

async function image(lab: DeploymentLab): Promise<string> {
  return lab.sh(`docker inspect --format '{{.Image}}' ${(await lab.ids())['web']}`);
}

/** A deployment that is watched and not healthy yet. */
async function heldRun(lab: DeploymentLab): Promise<ActionRun> {
  await lab.commit(held);
  const run = lab.start();
  await run.waitForLog(/web starting/);
  return run;
}

async function letGo(lab: DeploymentLab): Promise<void> {
  await vi.waitFor(async () => expect(await image(lab)).toBe(two.id), PATIENCE_MS);
  await lab.exec('web', 'touch', '/tmp/ready');
}

async function audited(lab: DeploymentLab): Promise<string> {
  return (await lab.gitops('audit show')).stdout;
}

/** The repository as it is now, somewhere else. */
async function cloned(lab: DeploymentLab, folder: TemporaryDirectory): Promise<string> {
  const path = join(folder.path, 'clone');
  await lab.repository.git('clone', '--quiet', '.', path);
  return path;
}

describe.concurrent('the lease that a person takes', () => {
  test('refuses every run at once with who, why and since when, until it is released', async () => {
    await using lab = await deployedLab();
    const taken = await lab.gitops('lock acquire', '--reason', 'moving the database');
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    await lab.commit(compose(two.reference));
    const refused = await lab.deploy({ 'lock-wait': '10m' });
    expect(refused.outputs['outcome']).toBe('refused');
    expect(refused.log).toMatch(/holds it \(moving the database\) since 20/);
    const byHand = await lab.gitops('deploy', '--lock-wait', '10m');
    expect(byHand).toMatchObject({ code: 4 });
    const shown = await lab.gitops('lock show');
    expect(shown.stdout).toMatch(/is held by \S+ \(moving the database\) since 20\S+, until somebody releases it/);
    expect((await lab.gitops('lock release')).stdout).toContain('released lease 2');
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await audited(lab)).toMatch(
      /lease 2 taken by \S+ \(moving the database\), until it is released[\s\S]*lease 2 released by \S+/,
    );
  });

  test('is not taken from a run, and given back by nobody for it', async () => {
    await using lab = await deployedLab();
    const run = await heldRun(lab);
    expect(await lab.gitops('lock acquire', '--reason', 'x')).toMatchObject({ code: 4 });
    const release = await lab.gitops('lock release', '--reason', 'x');
    expect(release).toMatchObject({ code: 4 });
    expect(release.stderr).toContain('it is held by a run');
    await letGo(lab);
    expect((await run.done).outputs['outcome']).toBe('deployed');
  });

  test('is released for somebody else only with a reason', async () => {
    await using lab = await deployedLab();
    await lab.gitops('lock acquire', '--reason', 'x');
    await lab.sh(`sed -i 's/"holder":"[^"]*"/"holder":"berta@desk"/' '${lab.folder}/lease/2'`);
    const silent = await lab.gitops('lock release');
    expect(silent).toMatchObject({ code: 2 });
    expect(silent.stderr).toContain('say why with --reason');
    expect(await lab.gitops('lock release', '--reason', 'berta is on holiday')).toMatchObject({ code: 0 });
    expect(await audited(lab)).toContain('berta is on holiday');
    const shown = JSON.parse((await lab.gitops('lock show', '--json')).stdout);
    expect(shown.targets).toEqual([{ target: 'docker', host: lab.host.host }]);
  });

  test('is taken after what an earlier run left is put right', async () => {
    await using lab = await deployedLab();
    const run = await heldRun(lab);
    run.kill();
    await run.done;
    expect(await lab.gitops('lock acquire', '--reason', 'x', '--lock-wait', '1m')).toMatchObject({ code: 0 });
    expect(await lab.transactionState()).toBe('reverted');
    expect(await image(lab)).toBe(one.id);
  });
});

describe.concurrent('a run that only waits', () => {
  test('gives way to one with a newer commit that waits too', async () => {
    await using lab = await deployedLab();
    await using folder = await createTemporaryDirectory('older');
    const running = await heldRun(lab);
    await lab.commit(compose(two.reference, '    labels: { is: older }\n'));
    const older = lab.start({}, { workspace: await cloned(lab, folder) });
    await older.waitForLog(/Waiting for/);
    await lab.commit(compose(two.reference, '    labels: { is: newer }\n'));
    const newer = lab.start();
    const superseded = await older.done;
    expect(superseded.outputs['outcome']).toBe('superseded');
    expect(superseded.exitCode).toBe(0);
    await letGo(lab);
    expect((await running.done).outputs['outcome']).toBe('deployed');
    expect((await newer.done).outputs['outcome']).toBe('deployed');
  });
});

describe.concurrent('a commit that turned out unhealthy', () => {
  test('is held: a schedule leaves it alone, and whoever asks for it is warned', async () => {
    await using lab = await deployedLab();
    const commit = await lab.commit(compose(crash.reference));
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
    const listed = await lab.gitops('hold list');
    expect(listed.stdout).toContain(commit.slice(0, 12));
    const scheduled = await lab.start({}, { context: { eventName: 'schedule' } }).done;
    expect(scheduled.outputs['outcome']).toBe('refused');
    expect(scheduled.log).toContain('the commit is held since');
    const asked = await lab.deploy();
    expect(asked.outputs['outcome']).toBe('rolled-back');
    expect(asked.log).toContain('It is tried again, as somebody asked for it');
    expect((await lab.gitops('hold clear', commit.slice(0, 7), '--reason', 'mended')).stdout).toContain(
      commit.slice(0, 12),
    );
    expect((await lab.gitops('hold list')).stdout).toContain('no commit is held');
    expect(await audited(lab)).toMatch(/hold of \w{7} set by [\s\S]*hold of \w{7} lifted by \S+: mended/);
  });
});

describe.concurrent('a commit whose container keeps a step from its end', () => {
  test('is held as well', async () => {
    await using lab = await deployedLab();
    const sick = '    healthcheck: { test: [CMD, "false"], interval: 300ms, retries: 2 }\n';
    const gate = `  gate:\n    image: ${one.reference}\n    depends_on: { web: { condition: service_healthy } }\n`;
    await lab.commit(compose(two.reference, `${sick}${gate}`));
    const failed = await lab.deploy();
    expect(failed.outputs).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
    expect(failed.summary).toContain('Schedules leave this commit alone');
    expect((await lab.gitops('hold list')).stdout).toMatch(/web-1: Up .*\(unhealthy\)/);
    const scheduled = await lab.start({}, { context: { eventName: 'schedule' } }).done;
    expect(scheduled.outputs['outcome']).toBe('refused');
  });
});

describe.concurrent('gitops recover', () => {
  test('brings back what a lost runner and a lost supervisor have left, and says so', async () => {
    await using lab = await deployedLab();
    const run = await heldRun(lab);
    run.kill();
    await lab.sh(`kill -KILL $(cut -d' ' -f2 '${lab.folder}/transactions/2/status')`);
    await run.done;
    const recovered = await lab.gitops('recover');
    expect(recovered).toMatchObject({ code: 0 });
    expect(recovered.stdout).toMatch(/transaction 2 ended reverted; release 1-\w{7} is current/);
    expect(await image(lab)).toBe(one.id);
    expect((await lab.gitops('recover')).stdout).toContain('no transaction was left unfinished');
  });

  test('says why a host could not go back, and brings it back once it can', async () => {
    await using lab = await deployedLab();
    const run = await heldRun(lab);
    const file = `${lab.folder}/releases/1-*/rendered.yml`;
    await lab.sh(`mv ${file} '${lab.folder}/kept.yml'; docker kill ${(await lab.ids())['web']}`);
    const failed = await run.done;
    expect(failed.outputs['outcome']).toBe('rollback-failed');
    expect(failed.log).toMatch(/Could not bring the former state back on [\s\S]*rendered\.yml: no such file/);
    expect(failed.summary).toContain('`gitops recover lab`');
    const stuck = await lab.gitops('recover');
    expect(stuck).toMatchObject({ code: 1 });
    expect(stuck.stdout).toContain('transaction 2 ended revert-failed');
    await lab.sh(`mv '${lab.folder}/kept.yml' "$(echo '${lab.folder}'/releases/1-*)/rendered.yml"`);
    const recovered = await lab.gitops('recover');
    expect(recovered.stdout).toContain('transaction 2 ended reverted');
    expect(recovered).toMatchObject({ code: 0 });
    expect(await image(lab)).toBe(one.id);
  });

  test('does not call a host recovered on which something else runs', async () => {
    await using lab = await deployedLab();
    await lab.sh(`docker rm --force ${(await lab.ids())['web']}`);
    const recovered = await lab.gitops('recover');
    expect(recovered).toMatchObject({ code: 1 });
    expect(recovered.stdout).toContain('web: its container is gone');
  });

  test('ends a freeze, which a schedule does not', async () => {
    await using lab = await deployedLab();
    await lab.commit(compose(crash.reference));
    const frozen = await lab.deploy({ 'on-failure': 'freeze' });
    expect(frozen.outputs['outcome']).toBe('frozen');
    expect(frozen.summary).toMatch(/`gitops hold clear lab \w{7}` lifts that\. `gitops recover lab`, or/);
    const scheduled = await lab.start({}, { context: { eventName: 'schedule' } }).done;
    expect(scheduled.outputs['outcome']).toBe('refused');
    expect(await lab.transactionState()).toBe('frozen');
    expect((await lab.gitops('recover')).stdout).toContain('ended reverted');
    expect(await image(lab)).toBe(one.id);
  });
});

describe.concurrent('the post step', () => {
  test('of a cancelled run waits until the host has gone back, and says so', async () => {
    await using lab = await deployedLab();
    const run = await heldRun(lab);
    run.cancel();
    const result = await run.done;
    expect(result.outputs['outcome']).toBe('unknown');
    expect(result.postExitCode).toBe(0);
    expect(result.summary).toMatch(/transaction 2 is reverted; release 1-\w{7} is current/);
    expect(await lab.transactionState()).toBe('reverted');
  });

  test('of a run that knew how it ended does nothing', async () => {
    await using lab = await deployedLab();
    const result = await lab.deploy();
    expect(result).toMatchObject({ exitCode: 0, postExitCode: 0 });
    expect(result.log).not.toContain('The step was ended before');
  });
});
