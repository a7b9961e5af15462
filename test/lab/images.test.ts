import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from './command.ts';
import { crashLoopImage, healthyImage, httpImage, jobImage, sleeperImage, unhealthyImage } from './image-kinds.ts';
import { buildImage, imageName, removeImage, removeImages } from './images.ts';
import { removeProject } from './project.ts';

const project = `lab-${randomBytes(4).toString('hex')}`;

afterAll(async () => {
  await removeProject(project);
  await removeImages();
});

test('an HTTP service serves its file and stops at once', async () => {
  const { reference } = await httpImage('hello');
  const id = await start(reference);
  await waitFor(id, '{{.State.Running}}', 'true');
  expect(await untilAnswer(id)).toBe('hello');
  const begin = performance.now();
  await runCommand('docker', ['stop', id]);
  expect(performance.now() - begin).toBeLessThan(5000);
});

test('a crash-looping service and jobs end with the code they promise', async () => {
  expect(await exitCodeOf((await crashLoopImage()).reference)).toBe('3');
  expect(await exitCodeOf((await jobImage(0)).reference)).toBe('0');
  expect(await exitCodeOf((await jobImage(1)).reference)).toBe('1');
});

test('health checks pass and fail as the kind says, and a sleeper has none', async () => {
  const healthy = await start((await healthyImage('well')).reference);
  const unhealthy = await start((await unhealthyImage()).reference);
  const sleeper = await start((await sleeperImage()).reference);
  await waitFor(healthy, '{{.State.Health.Status}}', 'healthy');
  await waitFor(unhealthy, '{{.State.Health.Status}}', 'unhealthy');
  await waitFor(sleeper, '{{.State.Running}} {{.Config.Healthcheck}}', 'true <nil>');
});

test('the same image is built once, and other options under the same name move the tag', async () => {
  const name = imageName('tool');
  const first = await buildImage(name, { command: ['env'], env: { GREETING: 'a "quoted" $word' } });
  expect(await buildImage(name, { command: ['env'], env: { GREETING: 'a "quoted" $word' } })).toBe(first);
  const second = await buildImage(name, { command: ['cat', '/etc/motd'], files: { '/etc/motd': 'moved' } });
  expect(second).not.toBe(first);
  expect(await runCommand('docker', ['run', '--rm', name])).toBe('moved');
  await removeImage(second);
  await removeImage(first);
});

test('removing a project takes its containers, networks and volumes', async () => {
  const label = ['--label', `com.docker.compose.project=${project}-gone`];
  await runCommand('docker', ['network', 'create', ...label, `${project}-gone`]);
  await runCommand('docker', ['volume', 'create', ...label, `${project}-gone`]);
  await removeProject(`${project}-gone`);
  const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${project}-gone`];
  expect(await runCommand('docker', ['network', 'ls', ...filter])).toBe('');
  expect(await runCommand('docker', ['volume', 'ls', ...filter])).toBe('');
});

function start(image: string): Promise<string> {
  return runCommand('docker', ['run', '--detach', '--label', `com.docker.compose.project=${project}`, image]);
}

async function exitCodeOf(image: string): Promise<string> {
  return runCommand('docker', ['wait', await start(image)]);
}

async function untilAnswer(id: string): Promise<string> {
  for (;;) {
    const answer = await runCommand('docker', ['exec', id, 'wget', '-q', '-O', '-', 'http://127.0.0.1:8080/']).catch(
      () => '',
    );
    if (answer !== '') return answer;
    await sleep(20);
  }
}

async function waitFor(id: string, format: string, expected: string): Promise<void> {
  const inspect = (): Promise<string> => runCommand('docker', ['inspect', '--format', format, id]);
  while ((await inspect()) !== expected) await sleep(50);
}
