import { afterAll, describe, expect, test } from 'vitest';
import { sleeperImage } from '../../lab/image-kinds.ts';
import { removeImages } from '../../lab/images.ts';
import { BesideLab, project, service } from './beside-compose-lab.ts';

const image = (await sleeperImage()).reference;

afterAll(removeImages);

const other = service('other', image);

interface Stale {
  readonly what: string;
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  /** What shows it in the container. */
  readonly look: readonly string[];
}

const files = (path: string) =>
  project(
    [service('web', image, 'secrets: [token]', 'configs: [app]'), other],
    `secrets: { token: { file: ./${path} } }`,
    `configs: { app: { file: ./${path} } }`,
  );
const inline = (content: string) =>
  project([service('web', image, 'configs: [app]'), other], `configs: { app: { content: ${content} } }`);
const mounted = project([service('web', image, 'volumes: ["./app.conf:/app.conf:ro"]'), other]);

const cases: readonly Stale[] = [
  {
    what: 'the file of a secret and of a config',
    before: { ...files('one.txt'), 'one.txt': 'old', 'two.txt': 'new' },
    after: files('two.txt'),
    look: ['cat', '/run/secrets/token', '/app'],
  },
  { what: 'an inline config', before: inline('old'), after: inline('new'), look: ['cat', '/app'] },
];

describe('a change that plain Compose does not see reaches exactly its service:', () => {
  test.each(cases)('$what', async ({ before, after, look }) => {
    await using beside = await BesideLab.start(before);
    const { lab, plain } = beside;
    const ids = await lab.ids();
    await beside.change(after);

    expect((await plain.up()).code).toBe(0);
    expect(await plain.exec('web', ...look)).toMatch(/^(old)+$/);

    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await lab.exec('web', ...look)).toMatch(/^(new)+$/);
    expect((await lab.ids())['other']).toBe(ids['other']);
  });

  test('a mounted file that takes the place of another, as a checkout does it', async () => {
    await using beside = await BesideLab.start({ ...mounted, 'app.conf': 'old' });
    const { lab, plain } = beside;
    const ids = await lab.ids();
    await lab.commit({ 'app.conf': 'new' });

    await plain.write({ 'app.conf.new': 'new' });
    await plain.sh('mv app.conf.new app.conf');
    expect((await plain.up()).code).toBe(0);
    expect(await plain.exec('web', 'cat', '/app.conf')).toBe('old');
    expect((await plain.compose('restart', 'web')).code).toBe(0);
    expect(await plain.exec('web', 'cat', '/app.conf')).toBe('new');

    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await lab.exec('web', 'cat', '/app.conf')).toBe('new');
    expect((await lab.ids())['other']).toBe(ids['other']);
  });
});

describe('what plain Compose takes for a change and is none changes nothing:', () => {
  test('a service with an env_file has another hash than its container', async () => {
    const text = project([service('web', image, 'env_file: web.env')]);
    await using beside = await BesideLab.start({ ...text, 'web.env': 'A=1\n' });
    const { lab, plain } = beside;

    const label = await plain.inspect('web', '{{index .Config.Labels "com.docker.compose.config-hash"}}');
    expect((await plain.compose('config', '--hash', 'web')).output).not.toBe(`web ${label}`);
    const rendered = await plain.sh(
      `docker compose config -o rendered.yaml && docker compose -f rendered.yaml config --hash web`,
    );
    expect(rendered.output).toBe(`web ${label}`);

    expect((await lab.deploy({ mode: 'plan' })).outputs).toMatchObject({ outcome: 'planned', changes: '0' });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'unchanged' });
  });

  test('the same files lie in the folder of the next release', async () => {
    const bound = service('bound', image, 'volumes: ["./app.conf:/app.conf:ro"]');
    const keyed = service('keyed', image, 'secrets: [token]');
    const text = (label: string) =>
      project(
        [bound, keyed, service('web', image, `labels: { a: ${label} }`)],
        'secrets: { token: { file: ./app.conf } }',
      );
    const first = { ...text('one'), 'app.conf': 'same' };
    await using beside = await BesideLab.start(first);
    const { lab, plain } = beside;
    const ids = await lab.ids();
    const [boundBefore, keyedBefore] = [
      await plain.inspect('bound', '{{.Id}}'),
      await plain.inspect('keyed', '{{.Id}}'),
    ];

    await plain.sh('mkdir ../next-release && cp compose.yaml app.conf ../next-release');
    const up = await plain.sh(`docker compose -p ${plain.name} --project-directory ../next-release up -d </dev/null`);
    expect(up.code, up.output).toBe(0);
    expect(await plain.inspect('bound', '{{.Id}}')).not.toBe(boundBefore);
    expect(await plain.inspect('keyed', '{{.Id}}')).toBe(keyedBefore);
    // The folder of the former release can't be removed: this one still lives on it.
    expect(await plain.inspect('keyed', '{{range .Mounts}}{{.Source}}{{end}}')).toBe(`${plain.folder}/app.conf`);

    await lab.commit(text('two'));
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    const { bound: boundNow, keyed: keyedNow } = await lab.ids();
    expect({ bound: boundNow, keyed: keyedNow }).toEqual({ bound: ids['bound'], keyed: ids['keyed'] });
  });
});
