import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadImage, type OwnedMachine, startMachine } from './container-machine.ts';
import { jobImage } from './image-kinds.ts';
import { removeImage, removeImages } from './images.ts';
import { type Machine, thisMachine } from './machine.ts';
import { startRegistry } from './registry.ts';

let container: OwnedMachine;

beforeAll(async () => {
  container = await startMachine();
});

afterAll(async () => {
  await removeImages();
  await container[Symbol.asyncDispose]();
});

test.each([
  ['this machine', () => thisMachine],
  ['a container', () => container],
])('%s pulls by tag and by digest what was published', async (_, pick) => {
  const machine: Machine = pick();
  await using registry = await startRegistry();
  const image = await jobImage(0, randomUUID());
  if (machine !== thisMachine) await loadImage(container, image.reference);
  const { byTag, byDigest } = await registry.publish(machine, image.reference, 'shop/web:v1');
  await machine.run(['docker', 'rmi', image.reference]);
  expect(await machine.run(['docker', 'run', '--rm', byTag])).toBe('job ends with 0');
  await machine.run(['docker', 'rmi', byTag]);
  expect(await machine.run(['docker', 'run', '--rm', byDigest])).toBe('job ends with 0');
  await machine.run(['docker', 'rmi', byDigest]);
});

test('a registry with an account refuses who has none', async () => {
  await using registry = await startRegistry({ user: 'robot', password: randomUUID() });
  const image = await jobImage(0);
  const { byTag } = await registry.publish(thisMachine, image.reference, 'private/job:v1');
  await expect(thisMachine.run(['docker', 'pull', byTag])).rejects.toThrow('no basic auth credentials');
  const login = 'd=$(mktemp -d) && cat >"$d/config.json" && docker --config "$d" pull -q "$1"; rm -rf "$d"';
  const input = registry.configFor(thisMachine);
  expect(await thisMachine.run(['sh', '-c', login, 'sh', byTag], { input })).toBe(byTag);
  await removeImage(byTag);
});

test('a registry can refuse, hang and come back', async () => {
  await using registry = await startRegistry();
  const url = `http://${registry.addressFor(thisMachine)}/v2/`;
  await registry.relay.refuse();
  await expect(fetch(url)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await registry.relay.accept();
  registry.relay.stall();
  const answer = fetch(url).then(({ status }) => status);
  expect(await Promise.race([answer, fetchNothing(url)])).toBe('nothing');
  await registry.relay.accept();
  expect(await answer).toBe(200);
});

/** Waits longer than an answer on loopback takes. */
async function fetchNothing(url: string): Promise<string> {
  return fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    () => 'something',
    () => 'nothing',
  );
}
