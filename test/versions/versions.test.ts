import { afterAll, describe, expect, test } from 'vitest';
import { startContainerHost } from '../lab/container-host.ts';
import { loadImage, type MachineOptions, type OwnedMachine, startMachine } from '../lab/container-machine.ts';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { crashLoopImage, healthyImage, jobImage, sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

const [one, two, sleeper, job, broken] = await Promise.all([
  healthyImage('one', 'v1'),
  healthyImage('two', 'v2'),
  sleeperImage(),
  jobImage(0),
  crashLoopImage(),
]);

afterAll(removeImages);

const releases = ['trixie', 'sid'] as const;
const stores = ['classic', 'containerd'] as const;
/** Everything takes twenty minutes; without that, it is what is furthest from the other tests. */
const isWhole = process.env['GITOPS_VERSIONS'] === 'all';
const furthest: readonly Required<MachineOptions>[] = [{ engine: 'trixie', compose: 'trixie', store: 'classic' }];
/** This machine's own Engine and Compose, and those of sid with each other, are those of the other tests. */
const matrix = isWhole
  ? releases.flatMap((engine) =>
      releases.flatMap((compose) => stores.map((store): Required<MachineOptions> => ({ engine, compose, store }))),
    )
  : furthest;

/** One service for each thing that can change, one that depends on `web`, and `calm`, for which nothing ever changes. */
function compose(image = one.reference, value = 'one', inline = 'one'): string {
  const service = (name: string, more: string) => `  ${name}:\n    image: ${sleeper.reference}\n${more}`;
  return [
    `services:\n  web:\n    image: ${image}\n`,
    service('environment', `    environment: { A: '${value}' }\n`),
    service('env-file', '    env_file: web.env\n'),
    service('config', '    configs: [app]\n'),
    service('inline', '    configs: [inline]\n'),
    service('secret', '    secrets: [token]\n'),
    service('mount', '    volumes: ["./conf:/conf:ro", "data:/data"]\n'),
    service('calm', '    volumes: ["./other:/other"]\n'),
    service('dependent', '    depends_on: [web]\n'),
    `configs:\n  app: { file: ./app.txt }\n  inline: { content: '${inline}' }\n`,
    'secrets:\n  token: { file: ./token.txt }\nvolumes:\n  data: {}\n',
  ].join('');
}

const files = {
  'compose.yaml': compose(),
  ...{ 'web.env': 'A=1\n', 'app.txt': 'one', 'token.txt': 'one', 'conf/app.conf': 'one', 'other/a': 'one' },
};

/** What is committed, and the only services that may get a new container by it. */
const changes: readonly (readonly [services: readonly string[], files: Readonly<Record<string, string>>])[] = [
  [['web'], { 'compose.yaml': compose(two.reference) }],
  [
    ['config', 'environment', 'secret'],
    { 'compose.yaml': compose(two.reference, 'two'), 'app.txt': 'two', 'token.txt': 'two' },
  ],
  [
    ['env-file', 'inline', 'mount'],
    { 'compose.yaml': compose(two.reference, 'two', 'two'), 'web.env': 'A=2\n', 'conf/app.conf': 'two' },
  ],
];

describe.each(matrix)('with the Engine of $engine, its $store image store and Compose of $compose', (options) => {
  test('a deployment recreates exactly what a commit changes, and nothing a second time', async () => {
    await using machine = await startMachineWithImages(options);
    await using lab = await startLab(machine);
    expect(await deploy(lab)).toBe('deployed 11');
    await expectUnchanged(lab);
    for (const [services, change] of changes) {
      const before = await lab.ids();
      await lab.commit(change);
      const recreated = dragged(services, options);
      expect(await deploy(lab)).toBe(`deployed ${recreated.length}`);
      const after = await lab.ids();
      expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(recreated);
    }
    await expectUnchanged(lab);
  });
});

test.each(isWhole ? stores : (['containerd'] as const))(
  'another Compose on the same host, with the %s image store, recreates nothing',
  async (store) => {
    await using machine = await startMachineWithImages({ compose: 'trixie', engine: 'sid', store });
    await using lab = await startLab(machine);
    expect(await deploy(lab)).toBe('deployed 11');
    await machine.useCompose('sid');
    await expectUnchanged(lab);
    await machine.useCompose('trixie');
    await expectUnchanged(lab);
  },
);

/** A job that is done, `web` that waits for it, and what depends on that. */
function withJob(value: string, image = sleeper.reference, network = ''): string {
  const waits = `    depends_on: { migrate: { condition: service_completed_successfully } }\n`;
  return [
    `services:\n  migrate:\n    image: ${job.reference}\n`,
    `  web:\n    image: ${image}\n    environment: { A: '${value}' }\n    volumes: ["./conf:/conf:ro"]\n${waits}`,
    `  front:\n    image: ${sleeper.reference}\n    depends_on: [web]\n`,
    network,
  ].join('');
}

describe.each(isWhole ? releases : (['trixie'] as const))('with Compose of %s', (compose) => {
  test('a finished job that others wait for does not run again, neither on the way there nor back', async () => {
    await using machine = await startMachineWithImages({ compose });
    await using lab = await startLab(machine, { 'compose.yaml': withJob('one'), 'conf/app.conf': 'one' });
    expect(await deploy(lab)).toBe('deployed 4');
    const ran = await runsOf(lab, 'migrate');
    await lab.commit({ 'compose.yaml': withJob('two') });
    expect(await deploy(lab)).toBe(compose === 'trixie' ? 'deployed 2' : 'deployed 1');
    await lab.commit({ 'compose.yaml': withJob('two', broken.reference) });
    const { outputs, log } = await lab.deploy();
    expect(outputs['outcome'], log).toBe('rolled-back');
    expect(await runsOf(lab, 'migrate')).toBe(ran);
    await lab.commit({ 'compose.yaml': withJob('two') });
    await expectUnchanged(lab);
  });

  test('a service whose mounted file was changed on the host gets a new container, and no job runs again', async () => {
    await using machine = await startMachineWithImages({ compose });
    await using lab = await startLab(machine, { 'compose.yaml': withJob('one'), 'conf/app.conf': 'one' });
    expect(await deploy(lab)).toBe('deployed 4');
    const [ran, before] = [await runsOf(lab, 'migrate'), await lab.ids()];
    const folder = await lab.sh(`dirname "$(find '${lab.folder}/objects' -name app.conf)"`);
    await lab.sh(`chmod -R u+w '${folder}'; echo changed >'${folder}/app.conf'`);
    expect(await deploy(lab)).toBe('deployed 1');
    const after = await lab.ids();
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['web']);
    expect(await runsOf(lab, 'migrate')).toBe(ran);
    await expectUnchanged(lab);
  });

  test('a changed network is made again, or refused before anything is changed', async () => {
    await using machine = await startMachineWithImages({ compose });
    await using lab = await startLab(machine, { 'compose.yaml': withJob('one'), 'conf/app.conf': 'one' });
    expect(await deploy(lab)).toBe('deployed 4');
    const before = await lab.ids();
    const network = `networks:\n  default: { labels: { changed: 'yes' } }\n`;
    await lab.commit({ 'compose.yaml': withJob('one', sleeper.reference, network) });
    const { outputs, log } = await lab.deploy();
    const label = await lab.sh(`docker network inspect --format '{{index .Labels "changed"}}' ${lab.project}_default`);
    if (compose === 'sid') {
      expect([outputs['outcome'], label], log).toEqual(['deployed', 'yes']);
    } else {
      expect([outputs['outcome'], label], log).toEqual(['refused', '']);
      expect(log).toMatch(/Compose 2\.26\S* would not carry that out[\s\S]*upgrade Compose on the host/);
      expect(await lab.ids()).toEqual(before);
    }
  });
});

/** Which container of a service ran last, and when it started. */
async function runsOf(lab: DeploymentLab, service: string): Promise<string> {
  const { [service]: id = '' } = await lab.ids();
  return lab.host.run(['docker', 'inspect', '--format', '{{.Id}} {{.State.StartedAt}}', id]);
}

/** Older Compose gives a new container to what depends on a service that gets one. */
function dragged(services: readonly string[], { compose: release }: MachineOptions): readonly string[] {
  return release === 'trixie' && services.includes('web') ? ['dependent', ...services] : services;
}

async function startMachineWithImages(options: MachineOptions): Promise<OwnedMachine> {
  const machine = await startMachine(options);
  await Promise.all([one, two, sleeper, job, broken].map(({ reference }) => loadImage(machine, reference)));
  return machine;
}

async function startLab(
  machine: OwnedMachine,
  content: Readonly<Record<string, string>> = files,
): Promise<DeploymentLab> {
  return startDeploymentLab({ files: content, host: await startContainerHost(machine, { user: 'gitops' }) });
}

async function deploy(lab: DeploymentLab): Promise<string> {
  const { outputs, log } = await lab.deploy();
  expect(outputs['verdict'], log).toBe('healthy');
  return `${outputs['outcome']} ${outputs['changes']}`;
}

async function expectUnchanged(lab: DeploymentLab): Promise<void> {
  const before = await lab.ids();
  expect(await deploy(lab)).toBe('unchanged 0');
  expect(await lab.ids()).toEqual(before);
}
