import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { startDeploymentLab } from '../lab/deployment-lab.ts';
import { crashLoopImage, healthyImage, jobImage, sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

const [calm, crash, sleeper, job] = await Promise.all([
  healthyImage('calm'),
  crashLoopImage(),
  sleeperImage(),
  jobImage(0),
]);

afterAll(removeImages);

const service = (name: string, more = '') => `  ${name}:\n    image: ${calm.reference}\n${more}`;

describe.concurrent('a project', () => {
  test('whose service joins the network of another one is left alone when nothing changed', async () => {
    const joined = `  joined:\n    image: ${sleeper.reference}\n    network_mode: 'service:vpn'\n`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': `services:\n${service('vpn')}${joined}` } });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
    const ids = await lab.ids();
    const broken = `  broken:\n    image: ${crash.reference}\n    restart: always\n`;
    await lab.commit({ 'compose.yaml': `services:\n${service('vpn')}${joined}${broken}` });
    expect((await lab.deploy()).outputs['outcome']).toBe('rolled-back');
    expect(await lab.ids()).toEqual(ids);
  });

  test('may give a container name from one service to another', async () => {
    const named = `    container_name: lab-${randomBytes(4).toString('hex')}\n`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': `services:\n${service('old', named)}` } });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    await lab.commit({ 'compose.yaml': `services:\n${service('new', named)}` });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect([...(await lab.containers()).keys()]).toEqual(['new']);
    await lab.commit({ 'compose.yaml': `services:\n${service('last', named)}    command: [/no]\n` });
    expect((await lab.deploy()).outputs['outcome']).toBe('rolled-back');
    expect([...(await lab.containers()).keys()]).toEqual(['new']);
  });

  test('may be scaled to three, to none, and back', async () => {
    const scaled = (count: number) =>
      `services:\n${service('web', `    deploy: { replicas: ${count} }\n`)}${service('db')}`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': scaled(3) } });
    for (const count of [3, 0, 1]) {
      await lab.commit({ 'compose.yaml': scaled(count) });
      const { outputs } = await lab.deploy();
      expect([count, outputs['outcome'], outputs['verdict']]).toEqual([count, 'deployed', 'healthy']);
      const running = await lab.sh(`docker ps -q --filter name=${lab.project}-web`);
      expect(running.split('\n').filter(Boolean)).toHaveLength(count);
    }
  });

  test('keeps a service of a profile that somebody started by hand, also through a rollback', async () => {
    const text = `services:\n${service('web')}${service('tool', '    profiles: [tools]\n')}`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text } });
    await lab.deploy();
    await lab.sh(`docker compose -p ${lab.project} -f - --profile tools up -d --no-recreate tool`, text);
    const tool = (await lab.ids())['tool'];
    expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
    await lab.commit({
      'compose.yaml': `${text}`.replace(service('web'), `  web:\n    image: ${crash.reference}\n    restart: always\n`),
    });
    expect((await lab.deploy()).outputs['outcome']).toBe('rolled-back');
    expect((await lab.ids())['tool']).toBe(tool);
  });

  test('keeps a network as long as something that somebody started by hand is on it', async () => {
    const tool = service('tool', '    profiles: [tools]\n    networks: [bench]\n');
    const text = `services:\n${service('web')}${tool}networks: { bench: {} }\n`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text } });
    await lab.deploy();
    await lab.sh(`docker compose -p ${lab.project} -f - --profile tools up -d --no-recreate tool`, text);
    const { tool: id } = await lab.ids();
    const network = () => lab.sh(`docker network ls -q --filter name=${lab.project}_bench`);
    expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
    await lab.commit({ 'compose.yaml': text.replace(service('web'), service('web', '    labels: { a: b }\n')) });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect((await lab.ids())['tool']).toBe(id);
    expect(await network()).not.toBe('');
    await lab.sh(`docker rm -f ${id}`);
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await network()).toBe('');
  });

  test.each(['full', '*'])('does not run a finished job again that the profile %s activates', async (profile) => {
    const migrate = `  migrate:\n    image: ${job.reference}\n    profiles: [full]\n    x-gitops: { role: job }\n`;
    const text = (label: string) => `services:\n${migrate}${service('web', `    labels: { a: ${label} }\n`)}`;
    const files = { 'compose.yaml': text('one'), '.env': `COMPOSE_PROFILES=${profile}\n` };
    await using lab = await startDeploymentLab({ files });
    const lastRun = async () =>
      lab.sh(`docker inspect --format '{{.Id}} {{.State.StartedAt}}' ${(await lab.ids())['migrate']}`);
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    const ran = await lastRun();
    await lab.commit({ 'compose.yaml': text('two') });
    expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'deployed', changes: '1' });
    expect(await lastRun()).toBe(ran);
  });

  test('does not have us write where an application has put a link', async () => {
    const text = `services:\n${service('web', '    volumes: ["./conf:/conf"]\n')}`;
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': text, 'conf/app.ini': 'one' } });
    await lab.deploy();
    const outside = `${lab.host.stateDir}/outside`;
    await lab.sh(`echo mine >${outside}`);
    await lab.exec('web', 'ln', '-sf', outside, '/conf/app.ini');
    await lab.commit({ 'conf/app.ini': 'two' });
    expect((await lab.deploy()).outputs['outcome']).toBe('deployed');
    expect(await lab.sh(`cat ${outside}`)).toBe('mine');
    expect(await lab.exec('web', 'cat', '/conf/app.ini')).toBe('two');
  });

  test('whose record of the current release was lost is refused, not taken for new', async () => {
    await using lab = await startDeploymentLab({ files: { 'compose.yaml': `services:\n${service('web')}` } });
    await lab.deploy();
    const ids = await lab.ids();
    await lab.sh(`rm ${lab.folder}/current`);
    const result = await lab.deploy();
    expect(result.outputs['outcome']).toBe('failed-before-change');
    expect(result.log).toContain('the file `current` is missing');
    expect(await lab.ids()).toEqual(ids);
  });
});
