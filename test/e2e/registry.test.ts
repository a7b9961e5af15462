import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ActionResult } from '../lab/action-runner.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { labMachine } from '../lab/host.ts';
import { sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { type Registry, startRegistry } from '../lab/registry.ts';
import { failedDeployment, finalMessage, resultFile } from './failed-deployment.ts';

const account = { user: 'robot', password: randomUUID() };
const images: string[] = [];
const pushed = new Set<string>();
let registry: Registry;
let registryHost: string;

beforeAll(async () => {
  registry = await startRegistry(account);
  registryHost = registry.addressFor(labMachine());
  for (const tag of ['v1', 'v2']) images.push((await sleeperImage(tag)).reference);
});

afterAll(async () => {
  for (const reference of pushed) await labMachine().run(['docker', 'rmi', '--force', reference]);
  await registry[Symbol.asyncDispose]();
  await removeImages();
});

async function push(name: string, version: 1 | 2 = 1, to = registry): Promise<string> {
  const { byTag } = await to.publish(labMachine(), images[version - 1] ?? '', name);
  pushed.add(byTag);
  return byTag;
}

function compose(reference: string, more = ''): string {
  return `services:\n  web:\n    image: ${reference}\n${more}`;
}

interface LabFiles {
  readonly reference: string;
  readonly more?: string;
  readonly password?: string;
  readonly host?: string;
}

/** A lab whose environment logs in to the registry. */
async function startLab({ reference, more, password = account.password, host = registryHost }: LabFiles) {
  const lab = await startDeploymentLab({
    files: { 'compose.yaml': compose(reference, more), '.env': `REGISTRY_TOKEN=${password}\n` },
  });
  const health = '  deadline: 20s\n  stability: 500ms\n  confirmTimeout: 5s\n';
  const login = `registries:\n  - host: ${host}\n    username: ${account.user}\n    password: \${REGISTRY_TOKEN}\n`;
  await lab.commit({ 'environment.yml': environmentFile(lab.host, health) + login });
  return lab;
}

/** Files on the host that hold a password, in whatever form a login is written: in the state and in Docker's own folder. */
async function filesWith(lab: DeploymentLab, password: string): Promise<string> {
  const auth = Buffer.from(`${account.user}:${password}`).toString('base64');
  return lab.sh(`grep -rlF -e ${password} -e ${auth} ${lab.host.stateDir} ~/.docker 2>/dev/null || true`);
}

function shown({ rawLog, summary, outputs }: ActionResult): string {
  return rawLog.replaceAll(/^::add-mask::.*$/gm, '') + summary + JSON.stringify(outputs);
}

async function imageIdOf(lab: DeploymentLab): Promise<string> {
  const id = (await lab.containers()).get('web')?.id ?? '';
  return lab.host.run(['docker', 'inspect', '--format', '{{.Image}}', id]);
}

test.concurrent('a private image is pulled, and the login is left nowhere', async () => {
  const reference = await push('private:1');
  await using lab = await startLab({ reference });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed' });
  expect(result.log).toMatch(new RegExp(`Pulling ${reference}\n[^]*Pulled ${reference} \\(\\d+ s\\)`));
  expect(await filesWith(lab, account.password)).toBe('');
  expect(shown(result)).not.toContain(account.password);
  expect(shown(result)).not.toContain(Buffer.from(`${account.user}:${account.password}`).toString('base64'));
});

test.concurrent('a rotated token changes nothing, not even the record', async () => {
  const reference = await push('rotated:1');
  await using lab = await startLab({ reference });
  await lab.deploy();
  const before = await lab.ids();
  await lab.commit({ '.env': 'REGISTRY_TOKEN=another-one\n' });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'unchanged', changes: '0' });
  expect(await lab.ids()).toEqual(before);
});

test.concurrent('a wrong password names the registry and the line', async () => {
  const reference = await push('wrong:1');
  await using lab = await startLab({ reference, password: 'not-the-password' });
  const result = await failedDeployment(lab);
  expect(finalMessage(result)).toContain(
    `${registryHost} does not accept the login of environments/lab/environment.yml:`,
  );
  expect(finalMessage(result)).toContain('→ correct user name and password of environments/lab/environment.yml:');
  expect((await resultFile(result)).error?.code).toBe('image-not-pulled');
  expect(shown(result)).not.toContain('not-the-password');
  expect(await filesWith(lab, 'not-the-password')).toBe('');
});

test.concurrent('a missing login names the key to add', async () => {
  const reference = await push('nologin:1');
  await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(reference) } });
  const message = finalMessage(await failedDeployment(lab));
  expect(message).toContain(`${registryHost} wants a login`);
  expect(message).toContain(
    `add a login for \`${registryHost}\` to \`registries:\` in environments/lab/environment.yml`,
  );
});

test.concurrent.each([
  ['an image', 'nobody/pushed-this:1'],
  ['a tag', 'known:2'],
])('%s that does not exist is called so', async (_, name) => {
  await push('known:1');
  await using lab = await startLab({ reference: `${registryHost}/${name}` });
  const message = finalMessage(await failedDeployment(lab));
  expect(message).toContain(`${registryHost} has no such image or tag`);
  expect(message).toContain('→ correct the image name or tag, or push it first');
});

test.concurrent('a variable that is not set is refused before the host is reached', async () => {
  const reference = `${registryHost}/private:1`;
  await using lab = await startLab({ reference });
  await lab.commit({ '.env': 'OTHER=1\n' });
  const message = finalMessage(await failedDeployment(lab));
  expect(message).toMatch(/environment\.yml:\d+:\d+: variable `REGISTRY_TOKEN` is not set → set `REGISTRY_TOKEN` in/);
});

test.concurrent('a moved tag alone changes nothing, and `pull_policy: always` picks it up', async () => {
  const reference = await push('moving:1');
  await using lab = await startLab({ reference });
  await lab.deploy();
  const [before, image] = [await lab.ids(), await imageIdOf(lab)];
  await push('moving:1', 2);
  const still = await lab.deploy();
  expect(still.outputs, still.log).toMatchObject({ outcome: 'unchanged' });
  expect(await lab.ids()).toEqual(before);

  await lab.commit({ 'compose.yaml': compose(reference, '    pull_policy: always\n') });
  const always = await lab.deploy();
  expect(always.outputs, always.log).toMatchObject({ outcome: 'deployed', changes: '1' });
  expect(await imageIdOf(lab)).not.toBe(image);
});

test.concurrent('an image that is here but can not be pulled is used with a warning', async () => {
  await using own = await startRegistry(account);
  const reference = await push('here:1', 1, own);
  const host = own.addressFor(labMachine());
  await using lab = await startLab({ reference, host });
  await lab.deploy();
  await own.relay.refuse();
  await lab.commit({ 'compose.yaml': compose(reference, '    pull_policy: always\n    environment: { A: "1" }\n') });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed' });
  expect((await resultFile(result)).warnings).toEqual([
    expect.stringMatching(
      new RegExp(`^${reference} could not be pulled and is used as it is .*: nobody answers at ${host}`),
    ),
  ]);
});

test.concurrent('a registry that is down is told from one that refuses', async () => {
  await using own = await startRegistry();
  await own.relay.refuse();
  const host = own.addressFor(labMachine());
  await using lab = await startLab({ reference: `${host}/gone:1`, host });
  expect(finalMessage(await failedDeployment(lab))).toContain(`nobody answers at ${host}`);
});

test.concurrent('a cancelled run ends the pull on the host', async () => {
  await using own = await startRegistry();
  own.relay.stall();
  const host = own.addressFor(labMachine());
  await using lab = await startLab({ reference: `${host}/silent:1`, host });
  const run = lab.start();
  await run.waitForLog(/Pulling /);
  const pulls = () => lab.sh(`ls -d ${lab.folder}/staging/*/.pull.* 2>/dev/null || true`);
  await vi.waitFor(async () => expect(await pulls()).not.toBe(''), { timeout: 60_000, interval: 50 });
  run.cancel();
  const result = await run.done;
  expect(result.outputs, result.log).toMatchObject({ outcome: 'failed-before-change' });
  await vi.waitFor(async () => expect(await lab.host.processes()).toEqual([]), { timeout: 60_000, interval: 100 });
  expect(await pulls()).toBe('');
});
