import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { httpImage, unhealthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

const [web, web2, sick] = await Promise.all([httpImage('one', 'v1'), httpImage('two', 'v2'), unhealthyImage()]);

afterAll(removeImages);

/** A web server with a volume, a folder it writes to, a folder that git fills, a file it reads, and an env file. */
function compose(image: string): string {
  return `services:
  web:
    image: ${image}
    restart: unless-stopped
    env_file: app.env
    environment: { COLOUR: "\${COLOUR}" }
    volumes:
      - data:/data
      - ./uploads:/uploads
      - ./conf:/conf
      - ./page.html:/page.html:ro
  db:
    image: ${web.reference}
    volumes: [db:/data]
volumes: { data: , db: }
`;
}

const FILES = {
  'compose.yaml': compose(web.reference),
  'app.env': 'GREETING=hello\n',
  '.env': 'COLOUR=green\n',
  'page.html': 'a page\n',
  'conf/app.conf': 'from the first day\n',
};

interface HandMade extends AsyncDisposable {
  readonly lab: DeploymentLab;
  /** Where on the host the project was started by hand. */
  readonly folder: string;
}

/** A project that somebody started by hand in a folder of the host, with data in it, and a repository that has its files. */
async function handMade(image = web2.reference): Promise<HandMade> {
  const lab = await startDeploymentLab({
    files: { ...FILES, 'compose.yaml': compose(image), 'conf/app.conf': 'new\n' },
  });
  const folder = `${lab.host.directory}/by-hand`;
  for (const [path, text] of Object.entries(FILES)) {
    await lab.sh(`mkdir -p "$(dirname ${folder}/${path})" && cat >${folder}/${path}`, text);
  }
  await lab.sh(`cd ${folder} && docker compose -p ${lab.project} up -d`);
  await lab.exec('web', 'sh', '-c', 'echo precious >/data/v; echo upload >/uploads/u; echo own >/conf/own.conf');
  return {
    lab,
    folder,
    async [Symbol.asyncDispose]() {
      // What a container has written belongs to root.
      await lab.exec('web', 'sh', '-c', 'rm -f /uploads/* /conf/own.conf').catch(() => '');
      await lab[Symbol.asyncDispose]();
    },
  };
}

async function dataOf({ lab }: HandMade): Promise<string> {
  return lab.exec('web', 'sh', '-c', 'cat /data/v /uploads/u /conf/own.conf; echo $GREETING $COLOUR');
}

const DATA = 'precious\nupload\nown\nhello green';

describe.concurrent('a project that was started by hand', () => {
  test('is refused with a plan of what would change, and stays as it is', async () => {
    await using made = await handMade();
    const { lab } = made;
    const before = await lab.ids();
    for (const inputs of [{}, { mode: 'plan' }]) {
      const refused = await lab.deploy(inputs);
      expect(refused.outputs).toMatchObject({ outcome: 'refused', release: '', 'previous-release': '' });
      expect(refused.outputs['changes']).toBe('2');
      expect(refused.log).toContain('was not deployed from here');
      expect(refused.log).toContain('adopt: true');
      expect(refused.log).toMatch(/± web +recreate +changed: image/);
    }
    expect(await lab.ids()).toEqual(before);
  });

  test('is taken over with its data, and what ran is kept as release 0', async () => {
    await using made = await handMade();
    const { lab, folder } = made;
    const plan = await lab.deploy({ adopt: 'true', mode: 'plan' });
    expect(plan.outputs).toMatchObject({ outcome: 'planned', changes: '2' });
    const adopted = await lab.deploy({ adopt: 'true', 'plan-hash': plan.outputs['plan-hash'] ?? '' });
    expect(adopted.outputs, adopted.log).toMatchObject({ outcome: 'deployed', 'previous-release': '' });
    expect(adopted.outputs['release']).toMatch(/^1-/);
    expect(await dataOf(made)).toBe(DATA);
    expect(await lab.sh(`cat ${folder}/uploads/u`)).toBe('upload');
    expect(await lab.sh(`cat ${folder}/conf/app.conf`)).toBe('new');
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'unchanged' });
    await lab.commit({ 'compose.yaml': compose(web.reference), 'conf/app.conf': 'newer\n' });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed' });
    expect(await dataOf(made)).toBe(DATA);
    expect(await lab.sh(`cat ${folder}/conf/app.conf`)).toBe('newer');
  });

  test('is as it was when its adoption fails, from its own files or without them', async () => {
    await using made = await handMade(sick.reference);
    const { lab, folder } = made;
    const before = await inspection(made);
    const failed = await lab.deploy({ adopt: 'true' });
    expect(failed.outputs, failed.log).toMatchObject({ outcome: 'rolled-back', release: '', verdict: 'unhealthy' });
    expect(await dataOf(made)).toBe(DATA);
    expect(await inspection(made)).toEqual(before);
    expect(await lab.sh(`cat ${folder}/conf/app.conf`)).toBe('from the first day');
    expect(await lab.sh(`ls ${lab.folder}/releases`)).toBe('');
    expect((await lab.deploy()).outputs['outcome']).toBe('refused');

    await lab.sh(`mv ${folder}/compose.yaml ${folder}/elsewhere.yaml`);
    const again = await lab.deploy({ adopt: 'true' });
    expect(again.outputs, again.log).toMatchObject({ outcome: 'rolled-back', release: '' });
    expect(await dataOf(made)).toBe(DATA);
    expect(await inspection(made)).toEqual(before);
  });

  test('whose adoption failed once is taken over with its data the next time', async () => {
    await using made = await handMade(sick.reference);
    const { lab, folder } = made;
    expect((await lab.deploy({ adopt: 'true' })).outputs['outcome']).toBe('rolled-back');
    await lab.commit({ 'compose.yaml': compose(web2.reference) });
    const adopted = await lab.deploy({ adopt: 'true' });
    expect(adopted.outputs, adopted.log).toMatchObject({ outcome: 'deployed' });
    expect(await dataOf(made)).toBe(DATA);
    expect(await lab.sh(`cat ${folder}/conf/app.conf`)).toBe('new');
    const zero = `${lab.folder}/releases/0-0000000`;
    expect(await lab.sh(`tar -tf ${zero}/by-hand/${lab.project}/files-1.tar`)).toContain('by-hand/compose.yaml');
  });

  test('whose way back fails stays on record, so that the next deployment finds its data', async () => {
    await using made = await handMade(sick.reference);
    const { lab } = made;
    const run = lab.start({ adopt: 'true' });
    await vi.waitFor(async () => expect(await lab.transactionState()).toBe('awaiting'), 60_000);
    await lab.sh(`echo 'return 1' >"$(echo ${lab.folder}/transactions/*/revert)"`);
    expect((await run.done).outputs).toMatchObject({ outcome: 'rollback-failed' });
    await lab.commit({ 'compose.yaml': compose(web2.reference) });
    const next = await lab.deploy();
    expect(next.outputs, next.log).toMatchObject({ outcome: 'deployed', 'previous-release': '0-0000000' });
    expect(await dataOf(made)).toBe(DATA);
  });

  test('can be brought back from release 0 by hand', async () => {
    await using made = await handMade();
    const { lab } = made;
    const before = await inspection(made);
    expect((await lab.deploy({ adopt: 'true' })).outputs['outcome']).toBe('deployed');
    const zero = `${lab.folder}/releases/0-0000000`;
    await lab.sh(`docker compose -p ${lab.project} --env-file /dev/null -f ${zero}/rendered.yml up -d --pull never`);
    expect(await inspection(made)).toEqual(before);
    expect(await dataOf(made)).toBe(DATA);
    expect(await lab.sh(`tar -tf ${zero}/by-hand/${lab.project}/files-1.tar`)).toContain('compose.yaml');
  });

  test('is taken over beside a stack that was deployed before, and goes back alone', async () => {
    await using made = await handMade(sick.reference);
    const { lab } = made;
    const other = `${lab.project}-other`;
    const two = `stacks:\n  - { name: ${other}, path: other }\n`;
    const environment = await readFile(join(lab.repository.path, 'environments/lab/environment.yml'), 'utf8');
    await lab.commit({
      'environment.yml': environment + two,
      'other/compose.yaml': `services:\n  web:\n    image: ${web.reference}\n`,
    });
    await using _other = { [Symbol.asyncDispose]: () => lab.removeStack(other) };
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '2' });
    const before = await inspection(made);
    await lab.commit({ 'environment.yml': `${environment}${two}  - { name: ${lab.project} }\n` });
    expect((await lab.deploy()).outputs['outcome']).toBe('refused');
    const failed = await lab.deploy({ adopt: 'true' });
    expect(failed.outputs, failed.log).toMatchObject({ outcome: 'rolled-back' });
    expect(failed.outputs['release']).toMatch(/^1-/);
    expect(await inspection(made)).toEqual(before);
    await lab.commit({ 'compose.yaml': compose(web2.reference) });
    const adopted = await lab.deploy({ adopt: 'true' });
    expect(adopted.outputs, adopted.log).toMatchObject({ outcome: 'deployed' });
    expect(adopted.outputs['release']).toMatch(/^3-/);
    expect(adopted.outputs['previous-release']).toMatch(/^1-/);
    expect(await dataOf(made)).toBe(DATA);
    expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
  });
});

/** What Docker says of the containers, but for what differs between two that are the same, as the order of variables. */
async function inspection({ lab }: HandMade): Promise<readonly string[]> {
  const format =
    '{{.Name}} {{.Image}} {{range .Config.Env}}{{.}} {{end}}{{json .Config.Cmd}} {{range .HostConfig.Binds}}{{.}} {{end}}{{json .HostConfig.Mounts}} {{.HostConfig.RestartPolicy.Name}} {{.State.Status}}';
  const ids = Object.values(await lab.ids());
  const lines = (await lab.host.run(['docker', 'inspect', '--format', format, ...ids])).split('\n');
  return lines.map((line) => line.split(' ').sort().join(' ')).sort();
}
