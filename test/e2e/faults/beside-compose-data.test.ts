import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../lab/command.ts';
import { environmentFile, startDeploymentLab } from '../../lab/deployment-lab.ts';
import { sleeperImage } from '../../lab/image-kinds.ts';
import { removeImages } from '../../lab/images.ts';
import { BesideLab, project, service } from './beside-compose-lab.ts';

const image = (await sleeperImage()).reference;

afterAll(removeImages);

const withVolume = (options: string) =>
  project([service('web', image, 'volumes: [data:/data]')], `volumes: { data: { ${options} } }`);

/** Both projects with something in their volume, and then with other options of it in their files. */
async function divergedVolume(): Promise<BesideLab> {
  const beside = await BesideLab.start(withVolume(''));
  await beside.plain.exec('web', 'sh', '-c', 'echo precious >/data/file');
  await beside.lab.exec('web', 'sh', '-c', 'echo precious >/data/file');
  await beside.change(withVolume('driver_opts: { type: tmpfs, device: tmpfs }'));
  return beside;
}

async function expectRefused({ lab }: BesideLab): Promise<void> {
  const ids = await lab.ids();
  const { outputs, log } = await lab.deploy();
  expect(outputs, log).toMatchObject({ outcome: 'refused' });
  expect(await lab.ids()).toEqual(ids);
  expect(await lab.exec('web', 'cat', '/data/file')).toBe('precious');
}

/** A script as it is often sent: by the standard input of a shell on the host. */
function sendScript({ lab, plain }: BesideLab, ...lines: readonly string[]): Promise<string> {
  const script = [`cd ${plain.folder}`, `docker compose -p ${plain.name} up -d`, ...lines, ''].join('\n');
  return runCommand('ssh', [...lab.host.sshArguments, 'bash -s 2>&1'], { input: script });
}

describe('other options of a volume are refused and the data stays, where plain Compose', () => {
  test('deletes the data, since it takes the next line of a script for an answer', async () => {
    await using beside = await divergedVolume();
    await sendScript(beside, 'y', 'echo done');
    await expect(beside.plain.exec('web', 'cat', '/data/file')).rejects.toThrow('No such file');
    await expectRefused(beside);
  });

  test('eats a part of the next line, and then does not do what was asked for', async () => {
    await using beside = await divergedVolume();
    const said = await sendScript(beside, 'echo LINE1', 'echo LINE2');
    expect(said).toContain('INE1: command not found');
    expect(said).not.toContain('LINE1');
    expect(await beside.plain.exec('web', 'cat', '/data/file')).toBe('precious');

    // Without anything to read it says nothing at all, and keeps the former options.
    const { code } = await beside.plain.up();
    expect(code).toBe(0);
    const options = await beside.lab.sh(`docker volume inspect --format '{{.Options}}' ${beside.plain.name}_data`);
    expect(options).toBe('map[]');
    await expectRefused(beside);
  });

  test('would take any answer, and gets none, about a volume that was there before the first deployment', async () => {
    await using beside = await BesideLab.create(withVolume(''));
    const { lab, plain } = beside;
    const volume = `${lab.project}_data`;
    await plain.sh(`docker compose -p ${lab.project} up -d </dev/null`);
    await lab.exec('web', 'sh', '-c', 'echo precious >/data/file');
    await plain.sh(`docker compose -p ${lab.project} down </dev/null`);
    await lab.commit(withVolume('labels: { a: b }'));
    const { outputs, log } = await lab.deploy();
    expect(outputs, log).toMatchObject({ outcome: 'deployed' });
    expect(log).toContain('Recreate (data will be lost)?');
    expect(await lab.sh(`docker run --rm -v ${volume}:/data ${image} cat /data/file`)).toBe('precious');
  });
});

test('two projects of one name delete each other with plain Compose, and the second is refused with us', async () => {
  const [first, second] = [project([service('one', image)]), project([service('two', image)])];
  await using beside = await BesideLab.create(first);
  await using rival = await startDeploymentLab({ files: second });
  const { lab, plain } = beside;
  const shared = `shared-${lab.name}`;
  const stacks = `stacks: [{ name: ${shared} }]\n`;
  await lab.commit({ 'environment.yml': environmentFile(lab.host, '  stability: 500ms\n') + stacks });
  await rival.commit({ 'environment.yml': environmentFile(rival.host, '  stability: 500ms\n') + stacks });

  await plain.up('--remove-orphans');
  expect(await plain.containers()).toEqual(['one-1 running']);
  await plain.write(second);
  await plain.up('--remove-orphans');
  expect(await plain.containers()).toEqual(['two-1 running']);

  await using _stack = { [Symbol.asyncDispose]: () => lab.removeStack(shared) };
  expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed' });
  const id = await lab.sh(`docker inspect --format '{{.Id}}' ${shared}-one-1`);
  const { outputs, log } = await rival.deploy();
  expect(outputs, log).toMatchObject({ outcome: 'refused' });
  expect(await lab.sh(`docker ps --no-trunc --quiet --filter label=com.docker.compose.project=${shared}`)).toBe(id);
  expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'unchanged' });
});

describe('a service that is not in the files any more', () => {
  test('runs on with plain Compose, with its network, and goes with a deployment', async () => {
    const gone = service('gone', image, 'networks: [side]');
    await using beside = await BesideLab.start(project([service('web', image), gone], 'networks: { side: }'));
    const { lab, plain } = beside;
    const network = (name: string) => lab.sh(`docker network ls --quiet --filter name=${name}_side`);
    await beside.change(project([service('web', image)]));

    expect((await plain.up()).code).toBe(0);
    expect(await plain.containers()).toEqual(['gone-1 running', 'web-1 running']);
    expect((await plain.up('--remove-orphans')).code).toBe(0);
    expect(await plain.containers()).toEqual(['web-1 running']);
    expect(await network(plain.name)).not.toBe('');

    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed' });
    expect(await beside.containers()).toEqual(['web-1 running']);
    expect(await network(lab.project)).toBe('');
  });

  test('takes those of a profile with it when plain Compose removes orphans, and leaves them with us', async () => {
    const tool = service('tool', image, 'profiles: [tools]');
    const text = (...services: readonly string[]) => project([...services, service('web', image), tool]);
    await using beside = await BesideLab.start(text(service('gone', image)));
    const { lab, plain } = beside;
    const startTool = (name: string) =>
      plain.sh(`docker compose -p ${name} --profile tools up -d --no-recreate tool </dev/null`);
    for (const name of [plain.name, lab.project]) expect((await startTool(name)).code).toBe(0);
    const id = (await lab.ids())['tool'];
    await beside.change(text());

    // Rendered once, so that what runs is what was looked at: that file has no profiles.
    await plain.compose('config', '-o', 'rendered.yaml');
    expect((await plain.compose('-f', 'rendered.yaml', 'up', '-d', '--remove-orphans')).code).toBe(0);
    expect(await plain.containers()).toEqual(['web-1 running']);

    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await beside.containers()).toEqual(['tool-1 running', 'web-1 running']);
    expect((await lab.ids())['tool']).toBe(id);
  });
});
