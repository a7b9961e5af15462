import { afterAll, describe, expect, test } from 'vitest';
import { startDeploymentLab } from '../lab/deployment-lab.ts';
import { sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

const image = await sleeperImage();

afterAll(removeImages);

/** `other` never changes, so its container must stay. */
function compose(web: string, more = ''): string {
  return `services:\n  web:\n    image: ${image.reference}\n${web}  other:\n    image: ${image.reference}\n${more}`;
}

interface Case {
  readonly what: string;
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  /** What is read inside the container, and what it shows then. */
  readonly look: readonly [words: readonly string[], shows: string];
}

const mounted = compose('    volumes: ["./conf/app.conf:/app.conf:ro"]\n');
const folder = compose('    volumes: ["./conf:/conf:ro"]\n');
const writable = compose('    volumes: ["./work:/work", "./single.txt:/single.txt"]\n');
const dollars = compose('    volumes: ["./a$$b.conf:/a.conf:ro", "./d$$x:/d"]\n');
const secret = compose('    secrets: [token]\n', 'secrets:\n  token: { file: ./token.txt }\n');
const config = compose('    configs: [app]\n', 'configs:\n  app: { file: ./app.txt }\n');
const variable = compose('    environment: { GREETING: "${GREETING}" }\n');
const envFile = compose('    env_file: web.env\n');

const cases: readonly Case[] = [
  {
    what: 'a variable of .env',
    before: { 'compose.yaml': variable, '.env': 'GREETING=one\n' },
    after: { '.env': 'GREETING=two\n' },
    look: [['sh', '-c', 'echo "$GREETING"'], 'two'],
  },
  {
    what: 'an env_file',
    before: { 'compose.yaml': envFile, 'web.env': 'A=1\n' },
    after: { 'web.env': 'A=2\n' },
    look: [['sh', '-c', 'echo "$A"'], '2'],
  },
  {
    what: 'a mounted file',
    before: { 'compose.yaml': mounted, 'conf/app.conf': 'one' },
    after: { 'conf/app.conf': 'two' },
    look: [['cat', '/app.conf'], 'two'],
  },
  {
    what: 'a file of a mounted folder',
    before: { 'compose.yaml': folder, 'conf/a': 'one', 'conf/b': 'b' },
    after: { 'conf/a': 'two' },
    look: [['cat', '/conf/a', '/conf/b'], 'twob'],
  },
  {
    what: 'a tracked file of a writable folder',
    before: { 'compose.yaml': writable, 'work/a': 'one', 'single.txt': 's' },
    after: { 'work/a': 'two' },
    look: [['cat', '/work/a', '/single.txt'], 'twos'],
  },
  {
    what: 'a writable file',
    before: { 'compose.yaml': writable, 'work/a': 'one', 'single.txt': 's' },
    after: { 'single.txt': 't' },
    look: [['cat', '/work/a', '/single.txt'], 'onet'],
  },
  {
    what: 'a mounted file with a dollar in its name',
    before: { 'compose.yaml': dollars, 'a$b.conf': 'one', 'd$x/a': 'a' },
    after: { 'a$b.conf': 'two' },
    look: [['cat', '/a.conf', '/d/a'], 'twoa'],
  },
  {
    what: 'a tracked file of a writable folder with a dollar in its name',
    before: { 'compose.yaml': dollars, 'a$b.conf': 'one', 'd$x/a': 'a' },
    after: { 'd$x/a': 'b' },
    look: [['cat', '/a.conf', '/d/a'], 'oneb'],
  },
  {
    what: 'a secret file',
    before: { 'compose.yaml': secret, 'token.txt': 'first-value' },
    after: { 'token.txt': 'second-value' },
    look: [['cat', '/run/secrets/token'], 'second-value'],
  },
  {
    what: 'a config file',
    before: { 'compose.yaml': config, 'app.txt': 'one' },
    after: { 'app.txt': 'two' },
    look: [['cat', '/app'], 'two'],
  },
  {
    what: 'an inline config',
    before: { 'compose.yaml': compose('    configs: [app]\n', 'configs:\n  app: { content: one }\n') },
    after: { 'compose.yaml': compose('    configs: [app]\n', 'configs:\n  app: { content: two }\n') },
    look: [['cat', '/app'], 'two'],
  },
  {
    what: 'a literal dollar',
    before: { 'compose.yaml': compose('    environment: { A: "a$$b" }\n') },
    after: { 'compose.yaml': compose('    environment: { A: "c$$d" }\n') },
    look: [['sh', '-c', 'echo "$A"'], 'c$d'],
  },
];

describe.concurrent('a change of', () => {
  test.each(cases)('$what gives only its service a new container, which sees it', async ({ before, after, look }) => {
    await using lab = await startDeploymentLab({ files: before });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    const ids = await lab.ids();
    await lab.commit(after);
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await lab.exec('web', ...look[0])).toBe(look[1]);
    const now = await lab.ids();
    expect(now['other']).toBe(ids['other']);
    expect(now['web']).not.toBe(ids['web']);
    expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
  });

  test('a network recreates it, and an added one is removed with its last service', async () => {
    const text = (options: string) => compose('    networks: [front]\n', `networks:\n  front: { ${options} }\n`);
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text('internal: false') } });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    await lab.commit({ 'compose.yaml': text('internal: true') });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await lab.sh(`docker network inspect --format '{{.Internal}}' ${lab.project}_front`)).toBe('true');
    await lab.commit({ 'compose.yaml': compose('') });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await lab.sh(`docker network ls -q --filter name=${lab.project}_front`)).toBe('');
  });

  test('a network to which somebody else is attached is refused, as Compose would not find its way back', async () => {
    const text = (options: string) => compose('    networks: [front]\n', `networks:\n  front: { ${options} }\n`);
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text('internal: false') } });
    await lab.deploy();
    const ids = await lab.ids();
    const stranger = await lab.sh(`docker run -d --network ${lab.project}_front ${image.reference}`);
    try {
      await lab.commit({ 'compose.yaml': text('internal: true') });
      const result = await lab.deploy();
      expect(result.outputs['outcome']).toBe('refused');
      expect(result.log).toContain('_front external');
      expect(await lab.ids()).toEqual(ids);
    } finally {
      await lab.sh(`docker rm -f ${stranger}`);
    }
  });

  test('the options of a volume is refused, since it would lose data', async () => {
    const text = (volume: string) => compose('    volumes: [data:/data]\n', `volumes:\n  data: ${volume}\n`);
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text('{}') } });
    await lab.deploy();
    await lab.exec('web', 'sh', '-c', 'echo precious > /data/file');
    await lab.commit({ 'compose.yaml': text('{ driver_opts: { type: tmpfs, device: tmpfs } }') });
    const result = await lab.deploy();
    expect(result.outputs['outcome']).toBe('refused');
    expect(await lab.exec('web', 'cat', '/data/file')).toBe('precious');
  });

  test('a removed volume keeps the volume and its data', async () => {
    const text = compose('    volumes: [data:/data]\n', 'volumes:\n  data: {}\n');
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text } });
    await lab.deploy();
    await lab.exec('web', 'sh', '-c', 'echo precious > /data/file');
    await lab.commit({ 'compose.yaml': compose('') });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    await lab.commit({ 'compose.yaml': text });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await lab.exec('web', 'cat', '/data/file')).toBe('precious');
  });
});

describe.concurrent('what an application wrote', () => {
  test('into a writable folder outlives deployments, and a rollback puts back the tracked files alone', async () => {
    await using lab = await startDeploymentLab({
      files: { 'compose.yaml': writable, 'work/a': 'one', 'single.txt': 's' },
    });
    await lab.deploy();
    await lab.exec('web', 'sh', '-c', 'echo mine > /work/own');
    const broken = writable.replace(
      `image: ${image.reference}\n    volumes`,
      `image: ${image.reference}\n    command: [/no]\n    volumes`,
    );
    await lab.commit({ 'compose.yaml': broken, 'work/a': 'two', 'work/new': 'n' });
    expect((await lab.deploy()).outputs['outcome']).toBe('rolled-back');
    expect(await lab.exec('web', 'sh', '-c', 'cat /work/a /work/own; ls /work')).toBe('onemine\na\nown');
  });
});

describe.concurrent('a mounted file that was changed on the host', () => {
  test.each([
    ['file', mounted, '/app.conf'],
    ['folder', folder, '/conf/app.conf'],
  ])('is put back: %s', async (_kind, text, path) => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text, 'conf/app.conf': 'right' } });
    await lab.deploy();
    await lab.sh(`find ${lab.folder}/objects -type f -exec sh -c 'echo wrong > "$1"' sh {} \\;`);
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await lab.exec('web', 'cat', path)).toBe('right');
    expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
  });
});
