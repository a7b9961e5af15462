import { afterAll, expect, test } from 'vitest';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { labMachine } from '../lab/host.ts';
import { type LabImage, sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

afterAll(removeImages);

/** One release is kept for its number, and one day for its age. */
const health = '  deadline: 20s\n  stability: 500ms\n  confirmTimeout: 5s\n';
const RETENTION = 'retention: { days: 1, releases: 1 }\n';

function compose(image: string, greeting: string): string {
  return `services:\n  web:\n    image: ${image}\n    environment: { GREETING: "${greeting}" }\n    volumes: ["./motd:/motd:ro"]\n`;
}

async function startLab(image: string): Promise<DeploymentLab> {
  const lab = await startDeploymentLab({ files: { 'compose.yaml': compose(image, 'one'), motd: 'one\n' } });
  await lab.commit({ 'environment.yml': environmentFile(lab.host, health) + RETENTION });
  return lab;
}

async function deploy(lab: DeploymentLab): Promise<string> {
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed' });
  return result.summary;
}

/** Makes the releases that are there two days older than they are. */
async function age(lab: DeploymentLab): Promise<void> {
  const date = new Date(Date.now() - 2 * 24 * 3_600_000).toISOString();
  await lab.sh(`sed -i 's/"createdAt":"[^"]*"/"createdAt":"${date}"/' ${lab.folder}/releases/*/manifest.json`);
}

async function list(lab: DeploymentLab, path: string): Promise<readonly string[]> {
  return (await lab.sh(`ls ${lab.folder}/${path}`)).split('\n').filter(Boolean).sort();
}

function docker(...words: readonly string[]): Promise<string> {
  return labMachine().run(['docker', ...words]);
}

async function tagsOf(id: string): Promise<readonly string[]> {
  const text = await docker('image', 'inspect', '--format', '{{join .RepoTags "\\n"}}', id);
  return text.split('\n').filter(Boolean).sort();
}

/** A name that only the deployments of one test use. */
async function alias(image: LabImage, lab: string): Promise<string> {
  const name = `${image.reference.split(':')[0]}-${lab}:one`;
  await docker('tag', image.id, name);
  return name;
}

test.concurrent('an old release goes with its files and its image, and the summary says so', async () => {
  const [first, second] = [await sleeperImage('old'), await sleeperImage('new')];
  const name = await alias(first, 'gone');
  await using lab = await startLab(name);
  await deploy(lab);
  await age(lab);
  const objects = await list(lab, 'objects');
  await lab.commit({ 'compose.yaml': compose(second.reference, 'two'), motd: 'two\n' });
  const summary = await deploy(lab);
  expect(await list(lab, 'releases')).toEqual([await lab.current()]);
  expect(await tagsOf(first.id)).toEqual([first.reference]);
  expect(await list(lab, 'objects')).toHaveLength(1);
  expect(await list(lab, 'objects')).not.toEqual(objects);
  expect(summary).toContain('<details><summary>Cleaned up on the host</summary>');
  expect(summary).toMatch(/\| release \| 1 \| 1-[0-9a-f]{7} \|/);
  expect(await lab.exec('web', 'cat', '/motd')).toBe('two');
});

test.concurrent('only the newest releases keep what holds secrets', async () => {
  const { reference } = await sleeperImage('secrets');
  await using lab = await startLab(reference);
  await deploy(lab);
  const first = await lab.current();
  const older = ['1-0000001', '1-0000002', '1-0000003', '1-0000004'];
  for (const name of older) await lab.sh(`cd ${lab.folder}/releases && cp -R ${first} ${name}`);
  await lab.commit({ 'compose.yaml': compose(reference, 'two') });
  const summary = await deploy(lab);
  expect(await list(lab, 'releases')).toEqual([...older, first, await lab.current()].sort());
  const whole: string[] = [];
  for (const name of await list(lab, 'releases')) {
    const files = await list(lab, `releases/${name}`);
    expect(files).toEqual(expect.arrayContaining(['manifest.json', 'template']));
    expect(files.includes('env')).toBe(files.includes('rendered.yml'));
    if (files.includes('env')) whole.push(name);
  }
  expect(whole).toHaveLength(5);
  expect(whole).toContain(await lab.current());
  expect(summary).toMatch(/\| secrets \| 1 \|/);
});

test.concurrent('an image of a kept release outlives `docker image prune` by our tag alone', async () => {
  const [first, second] = [await sleeperImage('kept'), await sleeperImage('kept-next')];
  await using lab = await startLab(first.reference);
  await deploy(lab);
  await lab.commit({ 'compose.yaml': compose(second.reference, 'two') });
  await deploy(lab);
  await docker('rmi', first.reference);
  // As `docker image prune -f` chooses, and narrowed to this image: others on this machine are not ours to remove.
  const dangling = await docker('images', '--no-trunc', '--quiet', '--filter', 'dangling=true');
  expect(dangling.split('\n')).not.toContain(first.id);
  const tags = await tagsOf(first.id);
  await docker('tag', first.id, first.reference);
  expect(tags).toEqual([expect.stringMatching(`^gitops/${lab.project}:`)]);
});

test.concurrent("another environment's image stays, whatever goes here", async () => {
  const [first, second] = [await sleeperImage('shared'), await sleeperImage('shared-next')];
  const name = await alias(first, 'shared');
  await using other = await startLab(name);
  await deploy(other);
  await using lab = await startLab(name);
  await deploy(lab);
  await age(lab);
  // Even while nothing of the other environment runs.
  await docker('rm', '--force', (await other.containers()).get('web')?.id ?? '');
  await lab.commit({ 'compose.yaml': compose(second.reference, 'two') });
  await deploy(lab);
  expect(await list(lab, 'releases')).toHaveLength(1);
  const tags = await tagsOf(first.id);
  expect(tags).toContain(name);
  expect(tags).toContainEqual(expect.stringMatching(`^gitops/${other.project}:`));
  expect(tags).not.toContainEqual(expect.stringMatching(`^gitops/${lab.project}:`));
  await docker('rmi', name);
});
