import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import {
  crashLoopImage,
  healthyImage,
  jobImage,
  type LabImage,
  sleeperImage,
  unhealthyImage,
} from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

let web: LabImage;
let web2: LabImage;
let sleeper: LabImage;

beforeAll(async () => {
  [web, web2, sleeper] = await Promise.all([healthyImage('one', 'v1'), healthyImage('two', 'v2'), sleeperImage()]);
});

afterAll(removeImages);

function compose(image: string, more = ''): string {
  return `services:\n  web:\n    image: ${image}\n${more}  db:\n    image: ${sleeper.reference}\n    volumes: [data:/data]\nvolumes:\n  data: {}\n`;
}

describe.concurrent('a deployment', () => {
  test('brings a project up, and then changes only what a commit changes', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference) } });
    const first = await lab.deploy();
    expect(first.outputs).toMatchObject({
      outcome: 'deployed',
      verdict: 'healthy',
      'previous-release': '',
      changes: '4',
    });
    expect(first.exitCode).toBe(0);
    expect(await lab.current()).toBe(first.outputs['release']);
    const before = await lab.ids();

    const again = await lab.deploy();
    expect(again.outputs).toMatchObject({
      outcome: 'unchanged',
      verdict: 'healthy',
      changes: '0',
      release: first.outputs['release'],
    });

    await lab.commit({ 'compose.yaml': compose(web2.reference) });
    const second = await lab.deploy();
    expect(second.outputs).toMatchObject({
      outcome: 'deployed',
      changes: '1',
      'previous-release': first.outputs['release'],
    });
    expect(second.outputs['release']).toMatch(/^2-[0-9a-f]{7}$/);
    const after = await lab.ids();
    expect(after['db']).toBe(before['db']);
    expect(after['web']).not.toBe(before['web']);
    expect(second.summary).toContain(`${web.reference} → ${web2.reference}`);
  });

  test('that crash-loops goes back to what ran before', async () => {
    const crash = await crashLoopImage();
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference) } });
    const first = await lab.deploy();
    await lab.commit({ 'compose.yaml': compose(crash.reference, '    restart: always\n') });
    const second = await lab.deploy();
    expect(second.outputs).toMatchObject({
      outcome: 'rolled-back',
      verdict: 'unhealthy',
      release: first.outputs['release'],
    });
    expect(second.exitCode).toBe(1);
    expect(second.summary).toContain('crash loop');
    expect(second.summary).toContain('cannot start');
    expect(await lab.current()).toBe(first.outputs['release']);
    expect((await lab.containers()).get('web')?.state).toBe('running');
    expect((await lab.deploy()).outputs['outcome']).toBe('rolled-back');
  });

  test('whose health check fails goes back', async () => {
    const sick = await unhealthyImage();
    await using lab = await startDeploymentLab({
      files: { 'compose.yaml': compose(web.reference) },
      health: '  deadline: 4s\n  stability: 500ms\n',
    });
    await lab.deploy();
    await lab.commit({ 'compose.yaml': compose(sick.reference) });
    const result = await lab.deploy();
    expect(result.outputs).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
    expect((await lab.containers()).get('web')?.state).toBe('running');
  });

  test('of which nothing comes up the first time leaves nothing but its volumes', async () => {
    const crash = await crashLoopImage();
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(crash.reference) } });
    const result = await lab.deploy();
    expect(result.outputs).toMatchObject({ outcome: 'rolled-back', release: '', 'previous-release': '' });
    expect((await lab.containers()).size).toBe(0);
    expect(await lab.current()).toBe('');
  });

  test('that fails at a step goes back, and says what Docker said', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference) } });
    const first = await lab.deploy();
    const before = await lab.ids();
    await lab.commit({ 'compose.yaml': compose(web2.reference, '    command: [/does/not/exist]\n') });
    const result = await lab.deploy();
    expect(result.outputs).toMatchObject({ outcome: 'rolled-back', release: first.outputs['release'] });
    expect(result.log).toMatch(/no such file or directory/);
    expect((await lab.ids())['db']).toBe(before['db']);
    expect((await lab.containers()).get('web')?.state).toBe('running');
  });

  test('that fails since a job does says so in the words of Compose, and the job gives the runner no command', async () => {
    const said = ['::error file=x::FORGED', '  ::add-mask::deploy', '::stop-commands::token', 'error: ##[error]FORGED'];
    const script = [...said.map((line) => `echo '${line}'`), 'exit 3'].join('; ');
    const setup = `  setup:\n    image: ${sleeper.reference}\n    command: [sh, -c, ${JSON.stringify(script)}]\n`;
    const dependent = '    depends_on: { setup: { condition: service_completed_successfully } }\n';
    await using lab = await startDeploymentLab({
      files: { 'compose.yaml': compose(web.reference, dependent + setup) },
    });
    const result = await lab.deploy();
    expect(result.outputs, result.log).toMatchObject({ outcome: 'rolled-back' });
    expect(result.annotations).toEqual([{ level: 'error', message: expect.stringContaining('Rolled back') }]);
    const [{ message = '' } = {}] = result.annotations;
    expect(message).toContain(`service "setup" didn't complete successfully: exit 3`);
    expect(message).not.toContain('FORGED');
    expect(result.masks).not.toContain('deploy');
    expect(result.log).toContain('\n\\::error file=x::FORGED\n  \\::add-mask::deploy\n\\::stop-commands::token\n');
    expect(result.rawLog).not.toContain('##[');
  });

  test('whose image cannot be pulled changes nothing', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference) } });
    await lab.deploy();
    const before = await lab.ids();
    await lab.commit({ 'compose.yaml': compose('127.0.0.1:1/nothing/here:1') });
    const result = await lab.deploy();
    expect(result.outputs).toMatchObject({ outcome: 'failed-before-change' });
    expect(result.log).toMatch(/Could not pull 127\.0\.0\.1:1\/nothing\/here:1/);
    expect(await lab.ids()).toEqual(before);
  });

  test('of a removed service removes its container and keeps the rest', async () => {
    const extra = `  extra:\n    image: ${sleeper.reference}\n`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference, extra) } });
    await lab.deploy();
    const { extra: _gone, ...rest } = await lab.ids();
    await lab.commit({ 'compose.yaml': compose(web.reference) });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await lab.ids()).toEqual(rest);
  });

  test('runs a job once, and again only when it changes', async () => {
    const job = await jobImage(0);
    const text = (value: string) =>
      `services:\n  migrate:\n    image: ${job.reference}\n    environment: { V: '${value}' }\n  web:\n    image: ${web.reference}\n    depends_on: { migrate: { condition: service_completed_successfully } }\n`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text('1') } });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', verdict: 'healthy' });
    const first = await started(lab, 'migrate');
    await lab.commit({ 'compose.yaml': text('1').replace(web.reference, web2.reference) });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await started(lab, 'migrate')).toBe(first);
    await lab.commit({ 'compose.yaml': text('2').replace(web.reference, web2.reference) });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await started(lab, 'migrate')).not.toBe(first);
  });

  test('with a failing job goes back', async () => {
    const [good, bad] = await Promise.all([jobImage(0), jobImage(1)]);
    const text = (job: string) =>
      `services:\n  migrate:\n    image: ${job}\n    x-gitops: { role: job }\n  web:\n    image: ${web.reference}\n`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text(good.reference) } });
    await lab.deploy();
    await lab.commit({ 'compose.yaml': text(bad.reference) });
    const result = await lab.deploy();
    expect(result.outputs).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
    expect(result.log).toContain('exit code 1');
  });

  test('heals what was changed by hand', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference) } });
    const { outputs } = await lab.deploy();
    const db = (await lab.ids())['db'];
    await lab.sh(`docker rm -f ${(await lab.ids())['web']}`);
    const heal = await lab.deploy();
    expect(heal.outputs).toMatchObject({ outcome: 'deployed', changes: '1', release: outputs['release'] });
    expect((await lab.containers()).get('web')?.state).toBe('running');
    expect((await lab.ids())['db']).toBe(db);
  });

  test('of an unrelated commit is unchanged, and the commit is recorded as an alias', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference) } });
    const { outputs } = await lab.deploy();
    await lab.repository.write({ 'README.md': 'hello' });
    await lab.repository.commit('docs');
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'unchanged', release: outputs['release'] });
    await lab.commit({ 'compose.yaml': `# a comment\n${compose(web.reference)}` });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'unchanged', release: outputs['release'] });
  });

  test('plans without changing anything, and refuses a plan that is not the reviewed one', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference) } });
    const plan = await lab.deploy({ mode: 'plan' });
    expect(plan.outputs).toMatchObject({ outcome: 'planned', changes: '4', release: '' });
    expect((await lab.containers()).size).toBe(0);
    const stale = await lab.deploy({ 'plan-hash': 'feedbeef' });
    expect(stale.outputs['outcome']).toBe('refused');
    expect((await lab.containers()).size).toBe(0);
    const good = await lab.deploy({ 'plan-hash': plan.outputs['plan-hash'] ?? '' });
    expect(good.outputs).toMatchObject({ outcome: 'deployed', 'plan-hash': plan.outputs['plan-hash'] });
  });

  test('refuses a running project that is not ours', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': compose(web.reference) } });
    await lab.sh(`docker compose -p ${lab.project} -f - up -d`, compose(web.reference));
    const before = await lab.ids();
    const result = await lab.deploy();
    expect(result.outputs['outcome']).toBe('refused');
    expect(result.log).toContain('was not deployed from here');
    expect(await lab.ids()).toEqual(before);
  });
});

async function started(lab: DeploymentLab, service: string): Promise<string> {
  const id = (await lab.ids())[service];
  return lab.sh(`docker inspect --format '{{.State.StartedAt}}' ${id}`);
}
