import { afterAll, describe, expect, test, vi } from 'vitest';
import { runCommand } from '../../lab/command.ts';
import { labMachine } from '../../lab/host.ts';
import { sleeperImage } from '../../lab/image-kinds.ts';
import { removeImages } from '../../lab/images.ts';
import { startRegistry } from '../../lab/registry.ts';
import { BesideLab, PATIENCE, project, service } from './beside-compose-lab.ts';

const [one, two] = await Promise.all([sleeperImage('one'), sleeperImage('two')]);

afterAll(removeImages);

const old = project([service('db', one.reference), service('web', one.reference)]);
const running = ['db-1 running', 'web-1 running'];

/** Deploys what can't come up, and expects what ran before to run, with its image, in containers of its own names. */
async function expectRolledBack(beside: BesideLab, services: readonly string[]): Promise<void> {
  const release = await beside.lab.current();
  const { outputs, log } = await beside.lab.deploy();
  expect(outputs, log).toMatchObject({ outcome: 'rolled-back', release, 'previous-release': release });
  expect(await beside.containers()).toEqual(services.map((name) => `${name}-1 running`));
  for (const name of services) expect(await beside.inspect(name, '{{.Image}}')).toBe(one.id);
  expect(await beside.lab.current()).toBe(release);
}

describe('where plain Compose stops halfway, a deployment goes back:', () => {
  test('a port is in use', async () => {
    await using beside = await BesideLab.start(old);
    // The port of the host's SSH server, as the host knows it.
    const port = await runCommand('ssh', [...beside.lab.host.sshArguments, 'echo "${SSH_CONNECTION##* }"']);
    const db = service('db', two.reference, `ports: ["127.0.0.1:${port}:80"]`);
    await beside.change(project([db, service('web', two.reference, 'depends_on: [db]')]));

    const { code, output } = await beside.plain.up();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('address already in use') });
    expect(await beside.plain.containers()).toEqual(['db-1 created', 'web-1 created']);

    await expectRolledBack(beside, ['db', 'web']);
  });

  test('one service of three is bad', async () => {
    const three = (image: string, ...lines: readonly string[]) =>
      project([service('bad', image, ...lines), service('db', image), service('web', image)]);
    await using beside = await BesideLab.start(three(one.reference));
    const missing = '{ type: bind, source: /nowhere/at-all, target: /x, bind: { create_host_path: false } }';
    await beside.change(three(two.reference, `volumes: [${missing}]`));

    // Which of them it has come to is a matter of luck.
    await vi.waitFor(async () => {
      const { code, output } = await beside.plain.up();
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('source path does not exist') });
      expect(await beside.plain.containers()).toContainEqual(expect.stringMatching(/^<id12>_.* created$/));
    }, PATIENCE);
    await beside.plain.write(three(two.reference));
    expect((await beside.plain.up()).code).toBe(0);
    // What was left halfway has become the service, and keeps its name.
    expect(await beside.plain.containers()).toContainEqual(expect.stringMatching(/^<id12>_.* running$/));

    await expectRolledBack(beside, ['bad', 'db', 'web']);
    await beside.change(three(two.reference));
    expect((await beside.lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '3' });
    expect(await beside.containers()).toEqual(['bad-1 running', ...running]);
  });

  test('what a service waits for never becomes healthy', async () => {
    await using beside = await BesideLab.start(old);
    const sick = `  db:\n    image: ${two.reference}\n    healthcheck: { test: [CMD, "false"], interval: 300ms, retries: 1 }\n`;
    const waiting = 'depends_on: { db: { condition: service_healthy } }';
    await beside.change(project([sick, service('web', two.reference, waiting)]));

    const { code, output } = await beside.plain.up();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('dependency failed to start') });
    expect(await beside.plain.containers()).toEqual(['db-1 running', 'web-1 created']);

    await expectRolledBack(beside, ['db', 'web']);
  });
});

describe('where plain Compose can not find its way back, a deployment is refused:', () => {
  test('the network that changes has a container of somebody else on it', async () => {
    const text = (options: string) =>
      project([service('web', one.reference, 'networks: [front]')], `networks: { front: { ${options} } }`);
    await using beside = await BesideLab.start(text('internal: false'));
    const { plain, lab } = beside;
    await beside.change(text('internal: true'));
    const attach = (name: string) => lab.sh(`docker run -d --network ${name}_front ${one.reference}`);
    const strangers = await Promise.all([attach(plain.name), attach(lab.project)]);
    await using _strangers = {
      [Symbol.asyncDispose]: async () => void (await lab.sh(`docker rm -f ${strangers.join(' ')}`)),
    };

    const stuck = await plain.up();
    expect(stuck).toEqual({ code: 1, output: expect.stringContaining('has active endpoints') });
    expect(await plain.containers()).toEqual(['web-1 exited']);
    await lab.sh(`docker rm -f ${strangers[0]}`);
    for (const words of [[], ['--force-recreate']]) {
      expect(await plain.up(...words)).toEqual({
        code: 1,
        output: expect.stringContaining('is not connected to the network'),
      });
    }
    expect((await plain.compose('down')).code).toBe(0);
    expect((await plain.up()).code).toBe(0);

    const ids = await lab.ids();
    const refused = await lab.deploy();
    expect(refused.outputs, refused.log).toMatchObject({ outcome: 'refused' });
    expect(await lab.ids()).toEqual(ids);
    expect(await beside.containers()).toEqual(['web-1 running']);
    await lab.sh(`docker rm -f ${strangers[1]}`);
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await lab.sh(`docker network inspect --format '{{.Internal}}' ${lab.project}_front`)).toBe('true');
  });
});

describe('where plain Compose is safe, so is a deployment: nothing changes while', () => {
  test.each(['has no such image', 'is dead'])('the registry %s', async (registryState) => {
    await using registry = await startRegistry();
    if (registryState === 'is dead') await registry.relay.refuse();
    await using beside = await BesideLab.start(old);
    const missing = `${registry.addressFor(labMachine())}/nothing/here:1`;
    await beside.change(project([service('db', two.reference), service('web', missing)]));
    const ids = await beside.lab.ids();

    expect((await beside.plain.up()).code).not.toBe(0);
    expect((await beside.plain.up('--pull', 'never')).code).not.toBe(0);
    // It may have begun with the other service: what it made is not started.
    expect(await beside.plain.containers()).toEqual(expect.arrayContaining(running));
    expect(await beside.plain.inspect('db', '{{.Image}}')).toBe(one.id);

    const { outputs, log } = await beside.lab.deploy();
    expect(outputs, log).toMatchObject({ outcome: 'failed-before-change' });
    expect(await beside.lab.ids()).toEqual(ids);
    expect(await beside.containers()).toEqual(running);
  });
});
