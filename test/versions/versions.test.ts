import { afterAll, describe, expect, test } from 'vitest';
import { startContainerHost } from '../lab/container-host.ts';
import { loadImage, type MachineOptions, type OwnedMachine, startMachine } from '../lab/container-machine.ts';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage, sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

const [one, two, sleeper] = await Promise.all([healthyImage('one', 'v1'), healthyImage('two', 'v2'), sleeperImage()]);

afterAll(removeImages);

const releases = ['trixie', 'sid'] as const;
const stores = ['classic', 'containerd'] as const;
/** This machine's own Engine and Compose are those of every other test. */
const matrix = releases.flatMap((engine) =>
  releases.flatMap((compose) => stores.map((store): Required<MachineOptions> => ({ engine, compose, store }))),
);

/** One service for each thing that can change, and `calm`, for which nothing ever does. */
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
    service('calm', '    volumes: ["./other:/other"]\n    depends_on: [web]\n'),
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
    expect(await deploy(lab)).toBe('deployed 10');
    await expectUnchanged(lab);
    for (const [services, change] of changes) {
      const before = await lab.ids();
      await lab.commit(change);
      expect(await deploy(lab)).toBe(`deployed ${services.length}`);
      const after = await lab.ids();
      expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(services);
    }
    await expectUnchanged(lab);
  });
});

/** Compose before 2.29.3 hashes `depends_on`, later ones do not: https://github.com/docker/compose/pull/12072. */
test.each(stores)(
  'a newer Compose on the same host, with the %s image store, recreates what depends on others',
  async (store) => {
    await using machine = await startMachineWithImages({ compose: 'trixie', engine: 'sid', store });
    await using lab = await startLab(machine);
    expect(await deploy(lab)).toBe('deployed 10');
    const before = await lab.ids();
    await machine.useCompose('sid');
    expect(await deploy(lab)).toBe('deployed 1');
    const after = await lab.ids();
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['calm']);
    await expectUnchanged(lab);
  },
);

async function startMachineWithImages(options: MachineOptions): Promise<OwnedMachine> {
  const machine = await startMachine(options);
  await Promise.all([one, two, sleeper].map(({ reference }) => loadImage(machine, reference)));
  return machine;
}

async function startLab(machine: OwnedMachine): Promise<DeploymentLab> {
  return startDeploymentLab({ files, host: await startContainerHost(machine, { user: 'gitops' }) });
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
