import { chmod, copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeployResultFile } from '@gitops/core';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { runProgram } from '../lab/command-line.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage, unhealthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { freePort } from '../lab/loopback-port.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../lab/temporary-directory.ts';

/** Where `gitops.mjs` lies, alone: no `node_modules` beside it or above, and no home with keys. */
let folder: TemporaryDirectory;
let compose: string;

beforeAll(async () => {
  folder = await createTemporaryDirectory('cli');
  await copyFile(join(import.meta.dirname, '../../dist/gitops.mjs'), join(folder.path, 'gitops.mjs'));
  compose = `services:\n  web:\n    image: ${(await healthyImage('web')).reference}\n`;
});

afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await removeImages();
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end, whatever its exit code. */
function gitops(...words: readonly string[]): Promise<Ended> {
  return runProgram(['gitops.mjs', ...words], { cwd: folder.path, env: { HOME: folder.path } });
}

/** Runs a command on the environment of a lab. */
async function at(lab: DeploymentLab, command: string, ...words: readonly string[]): Promise<Ended> {
  const identity = join(folder.path, lab.name);
  await writeFile(identity, lab.host.privateKey);
  await chmod(identity, 0o600);
  return gitops(command, 'lab', '--directory', lab.repository.path, '--identity', identity, ...words);
}

function resultOf({ stdout }: Ended): DeployResultFile {
  return v.parse(DeployResultFile, JSON.parse(stdout));
}

function startLab(): Promise<DeploymentLab> {
  return startDeploymentLab({ files: { 'compose.yaml': compose } });
}

const DRIFTED = expect.objectContaining({ name: 'web', action: 'restart', origin: 'drift' });

describe.concurrent('gitops', () => {
  test('plans, deploys and tells what is there, for people and for machines', async () => {
    await using lab = await startLab();
    expect(await at(lab, 'status')).toMatchObject({ code: 0, stdout: expect.stringContaining('never deployed') });
    expect(await at(lab, 'history')).toMatchObject({ code: 0, stdout: expect.stringContaining('never deployed') });

    const plan = await at(lab, 'plan', '--json');
    expect(plan.code).toBe(0);
    expect(resultOf(plan)).toMatchObject({ outcome: 'planned', changes: 2, environment: 'lab' });
    expect((await at(lab, 'plan')).stdout).toMatch(/\+ web +create +new service/);
    expect((await lab.containers()).size).toBe(0);

    const deploy = await at(lab, 'deploy', '--plan-hash', resultOf(plan).planHash);
    expect(deploy).toMatchObject({ code: 0, stderr: '' });
    expect(deploy.stdout).toContain(`✅ Deployed (release ${await lab.current()}, 2 changes)`);
    expect(deploy.stdout).not.toContain('\u001b[');

    const again = await at(lab, 'deploy', '--json');
    expect(again.code).toBe(0);
    expect(resultOf(again)).toMatchObject({ outcome: 'unchanged', verdict: 'healthy', changes: 0 });

    const status = await at(lab, 'status', '--json');
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      targets: [{ release: await lab.current(), verdict: 'healthy' }],
    });
    expect((await at(lab, 'status')).stdout).toContain(`: release ${await lab.current()}, commit `);
    const history = await at(lab, 'history', '--json');
    expect(JSON.parse(history.stdout)).toMatchObject({
      targets: [{ releases: [{ release: await lab.current(), current: true }] }],
    });
    expect((await at(lab, 'history')).stdout).toContain(`* ${await lab.current()}`);
  });

  test('plans every environment where none is named, and tells what was different already', async () => {
    await using lab = await startLab();
    expect(await at(lab, 'deploy')).toMatchObject({ code: 0 });
    await lab.sh(`docker stop --time 0 ${(await lab.ids())['web']}`);
    const flags = ['--directory', lab.repository.path, '--identity', join(folder.path, lab.name)];

    const plan = await gitops('plan', ...flags);
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(plan.stdout).toMatch(
      /^Environment lab\n[\s\S]*Plan: 1 difference put right\n\nAlready different from git[^\n]*\nStack \S+\n {2}↻ web +restart +its container is exited\n/,
    );

    const json = await gitops('plan', '--json', ...flags);
    expect(JSON.parse(json.stdout)).toMatchObject({
      results: [{ environment: 'lab', outcome: 'planned', plan: expect.arrayContaining([DRIFTED]) }],
    });
  });

  test('deploy exits 1 when nothing is to be changed and what runs is unhealthy', async () => {
    const { reference } = await healthyImage('web');
    const healthcheck = 'healthcheck: { test: [CMD, sh, -c, "test ! -e /tmp/sick"], interval: 200ms, retries: 1 }';
    await using lab = await startDeploymentLab({
      files: { 'compose.yaml': `services:\n  web:\n    image: ${reference}\n    ${healthcheck}\n` },
    });
    expect((await at(lab, 'deploy')).code).toBe(0);
    await lab.exec('web', 'sh', '-c', 'touch /tmp/sick');
    await vi.waitFor(async () => expect((await at(lab, 'deploy', '--json')).code).toBe(1), { timeout: 20_000 });
    const deploy = await at(lab, 'deploy');
    expect(deploy).toMatchObject({ code: 1, stdout: expect.stringContaining('❌ Unchanged, but unhealthy: ') });
    expect(deploy.stdout).not.toContain('✅');
  });

  test('exits 1 when a deployment was rolled back', async () => {
    const sick = await unhealthyImage();
    await using lab = await startDeploymentLab({
      files: { 'compose.yaml': `services:\n  web:\n    image: ${sick.reference}\n` },
      health: '  deadline: 2s\n  stability: 0s\n',
    });
    const deploy = await at(lab, 'deploy', '--json');
    expect(deploy.code).toBe(1);
    expect(resultOf(deploy)).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
  });

  test('exits 1 when the host is not fit for a deployment', async () => {
    await using lab = await startLab();
    await lab.commit({ 'compose.yaml': 'services:\n  web:\n    image: 127.0.0.1:1/nothing/here:1\n' });
    const deploy = await at(lab, 'deploy', '--json');
    expect(deploy.code).toBe(1);
    expect(resultOf(deploy).error?.code).toBe('image-not-pulled');
  });

  test.each(['deploy', 'plan', 'status', 'history'])(
    '%s exits 2 when the configuration is invalid',
    async (command) => {
      await using lab = await startLab();
      await lab.commit({ 'environment.yml': 'apiVersion: gitops/v1\ntarget: {}\n' });
      const { code, stdout, stderr } = await at(lab, command);
      expect(code).toBe(2);
      expect(stdout + stderr).toContain(
        'environments/lab/environment.yml:2:1: unknown key `target` → did you mean `targets`?',
      );
    },
  );

  test('exits 2 when Compose refuses the project', async () => {
    await using lab = await startLab();
    await lab.commit({ 'compose.yaml': `${compose}    ports: 80\n` });
    const deploy = await at(lab, 'deploy');
    expect(deploy.code).toBe(2);
    expect(deploy.stdout).toContain('environments/lab/compose.yaml:4:12: Compose refuses the project');
  });

  test('exits 2 outside of a repository', async () => {
    await using lab = await startLab();
    await lab.repository.remove('.git');
    expect((await at(lab, 'deploy')).code).toBe(2);
    expect((await at(lab, 'status')).code).toBe(2);
  });

  test('exits 4 when the plan is not the reviewed one', async () => {
    await using lab = await startLab();
    const deploy = await at(lab, 'deploy', '--plan-hash', 'feedbeef', '--json');
    expect(deploy.code).toBe(4);
    expect(resultOf(deploy)).toMatchObject({ outcome: 'refused', error: { code: 'stale-plan' } });
  });

  test.each(['deploy', 'plan', 'status', 'history'])('%s exits 5 when the host cannot be reached', async (command) => {
    await using lab = await startLab();
    const port = await freePort('127.0.0.1');
    await lab.commit({ 'environment.yml': environmentFile({ ...lab.host, port }, '  deadline: 20s\n') });
    const { code, stdout, stderr } = await at(lab, command);
    expect(code).toBe(5);
    expect(stdout + stderr).toContain(`Could not connect to 127.0.0.1:${port}`);
  });

  test('tells what the other hosts say when one of them cannot be reached', async () => {
    await using lab = await startLab();
    const port = await freePort('127.0.0.1');
    const [head = '', tail = ''] = environmentFile(lab.host, '  deadline: 20s\n').split('health:');
    const down = `  away: { kind: docker, host: 127.0.0.1, port: ${port}, user: gitops, stateDir: /nowhere }\n`;
    const stacks = ['away', 'docker'].map(
      (target) => `  - { name: ${lab.name}-${target}, path: ., target: ${target} }\n`,
    );
    await lab.commit({ 'environment.yml': `${head}${down}stacks:\n${stacks.join('')}health:${tail}` });
    for (const command of ['status', 'history']) {
      const text = await at(lab, command);
      expect(text).toMatchObject({ code: 5, stderr: '' });
      expect(text.stdout).toMatch(
        new RegExp(`away \\(.*\\n.*Could not connect to 127.0.0.1:${port}[^]*docker \\([^]*never deployed`),
      );
      const json = await at(lab, command, '--json');
      expect(json).toMatchObject({ code: 5, stderr: '' });
      expect(JSON.parse(json.stdout)).toMatchObject({
        targets: [
          { target: 'away', error: expect.stringContaining('Could not connect to') },
          { target: 'docker', ...(command === 'status' ? { release: '' } : { releases: [] }) },
        ],
      });
    }
  });

  test.each(['status', 'history'])('%s --json says why the only host cannot be reached', async (command) => {
    await using lab = await startLab();
    const port = await freePort('127.0.0.1');
    await lab.commit({ 'environment.yml': environmentFile({ ...lab.host, port }, '  deadline: 20s\n') });
    const { code, stdout } = await at(lab, command, '--json');
    expect(code).toBe(5);
    expect(JSON.parse(stdout)).toMatchObject({ targets: [{ error: expect.stringContaining('Could not connect to') }] });
  });

  test.each(['deploy', 'plan', 'status'])('%s exits 5 when Docker cannot be asked', async (command) => {
    const environment = () => ({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose }, environment });
    const { code, stdout, stderr } = await at(lab, command);
    expect(code).toBe(5);
    expect(stdout + stderr).toContain('Cannot connect to the Docker daemon');
  });

  test('names the file given as --known-hosts, and never trusts on first use', async () => {
    await using lab = await startLab();
    const file = join(folder.path, `known-${lab.name}`);
    await writeFile(file, '# nobody\n');
    const status = await at(lab, 'status', '--known-hosts', file);
    expect(status.code).toBe(5);
    expect(status.stderr).toContain(`add this line to ${file}: `);
  });

  test('shows no secret that a health check says', async () => {
    const { reference } = await healthyImage('web');
    const check = 'echo said $$DB_PASSWORD; test ! -e /tmp/sick';
    const healthcheck = `healthcheck: { test: [CMD, sh, -c, "${check}"], interval: 200ms, retries: 1 }`;
    const service = `    image: ${reference}\n    environment: { DB_PASSWORD: "\${DB_PASSWORD}" }\n    ${healthcheck}\n`;
    await using lab = await startDeploymentLab({
      files: { 'compose.yaml': `services:\n  web:\n${service}`, '.env': 'DB_PASSWORD=correct-horse\n' },
    });
    expect((await at(lab, 'deploy')).code).toBe(0);
    await lab.exec('web', 'sh', '-c', 'touch /tmp/sick');
    await vi.waitFor(
      async () => expect((await at(lab, 'status')).stdout).toContain('web: unhealthy, health check fails: said ***'),
      { timeout: 10_000 },
    );
    expect((await at(lab, 'status', '--json')).stdout).not.toContain('correct-horse');
  });

  test.each<[words: string, says: RegExp]>([
    ['', /Usage: gitops/],
    ['depoly lab', /unknown command 'depoly'[\s\S]*Did you mean deploy/],
    ['deploy', /missing required argument 'environment'/],
    ['deploy lab --froce', /unknown option '--froce'/],
    ['deploy lab --on-failure ignore', /Allowed choices are rollback, freeze/],
    ['deploy lab --identity nowhere', /Could not read the private key nowhere/],
    ['status lab --identity nowhere', /Could not read the private key nowhere/],
    ['status lab', /Could not find a private key/],
    [
      'deploy lab --identity gitops.mjs --lock-wait soon',
      /Could not read --lock-wait: soon\n {2}→ use a number with a unit/,
    ],
  ])('%s exits 2', async (words, says) => {
    const { code, stdout, stderr } = await gitops(...words.split(' ').filter(Boolean));
    expect(code).toBe(2);
    expect(stderr).toMatch(says);
    expect(stdout).toBe('');
  });

  test('explains itself', async () => {
    const help = await gitops('--help');
    expect(help.code).toBe(0);
    for (const command of ['init', 'deploy', 'plan', 'status', 'history']) {
      expect(help.stdout).toContain(`  ${command} `);
      expect(await gitops(command, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--json') });
    }
  });
});
