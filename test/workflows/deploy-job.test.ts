import { afterAll, beforeAll, expect, test } from 'vitest';
import { healthyImage, type LabImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { documentedWorkflow, type Job, parseWorkflowText, readWorkflowFile } from './workflow.ts';
import { startWorkflowLab } from './workflow-lab.ts';

const files = [await readWorkflowFile('.github/workflows/deploy.yml'), await documentedWorkflow('deploy')];

let one: LabImage;
let two: LabImage;

beforeAll(async () => {
  [one, two] = await Promise.all([healthyImage('one', 'flow1'), healthyImage('two', 'flow2')]);
});

afterAll(removeImages);

test.each(files)('a push to main is deployed by $path as it stands', async ({ text }) => {
  await using lab = await startWorkflowLab();
  const sha = await lab.merge(one.reference);
  const result = await lab.run(production(text), { name: 'push', branch: 'main', sha });
  expect(result.outputs).toMatchObject({ outcome: 'deployed', verdict: 'healthy', release: `1-${sha.slice(0, 7)}` });
  expect(result.exitCode).toBe(0);
  expect(await lab.images()).toEqual([one.id]);
  expect(result.log).not.toContain(lab.host.privateKey.split('\n')[1]);
});

test.each(files)(
  'with $path the newest commit stays deployed when the run of an older one comes last',
  async ({ text }) => {
    await using lab = await startWorkflowLab();
    const older = await lab.merge(one.reference);
    const newer = await lab.merge(two.reference);
    const first = await lab.run(production(text), { name: 'push', branch: 'main', sha: newer });
    expect(first.outputs).toMatchObject({ outcome: 'deployed', release: `1-${newer.slice(0, 7)}` });
    const last = await lab.run(production(text), { name: 'push', branch: 'main', sha: older });
    expect(last.outputs).toMatchObject({ outcome: 'unchanged', release: first.outputs['release'] });
    expect(await lab.images()).toEqual([two.id]);
  },
);

test('an input that is misspelled, or a secret by another name, deploys nothing', async () => {
  await using lab = await startWorkflowLab();
  const event = { name: 'push', branch: 'main', sha: await lab.merge(one.reference) } as const;
  const text = files[0]?.text ?? '';
  const misspelled = production(text.replaceAll('ssh-private-key', 'ssh-private-kye'));
  await expect(lab.run(misspelled, event)).rejects.toThrow('no input named ssh-private-kye');
  const result = await lab.run(production(text.replaceAll('DEPLOY_KEY', 'DEPLOI_KEY')), event);
  expect(result.exitCode).toBe(1);
  expect(result.log).toContain('ssh-private-key');
  expect(await lab.images()).toEqual([]);
});

function production(text: string): Job {
  const job = parseWorkflowText(text).jobs['production'];
  if (!job) throw new Error('the workflow has no job production');
  return job;
}
