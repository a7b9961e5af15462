import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { labMachine } from '../lab/host.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { startRegistry } from '../lab/registry.ts';
import { failedDeployment, resultFile } from './failed-deployment.ts';

const image = await healthyImage('pulled');

afterAll(removeImages);

function startLab(reference: string): Promise<DeploymentLab> {
  return startDeploymentLab({ files: { 'compose.yaml': `services:\n  web:\n    image: ${reference}\n` } });
}

describe.concurrent('an image of a registry', () => {
  test.each([
    ['tag', 'byTag'],
    ['digest', 'byDigest'],
  ] as const)('is pulled by its %s, and a second deployment changes nothing', async (_, by) => {
    await using registry = await startRegistry();
    const published = await registry.publish(labMachine(), image.reference, 'shop/web:v1');
    await using _pulled = removedAtEnd(published[by]);
    await using lab = await startLab(published[by]);
    const { outputs, log } = await lab.deploy();
    expect(outputs, log).toMatchObject({ outcome: 'deployed', verdict: 'healthy' });
    const ids = await lab.ids();
    await registry.relay.refuse();
    expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
    expect(await lab.ids()).toEqual(ids);
  });

  test('that refuses connections changes nothing', async () => {
    await using registry = await startRegistry();
    const { byTag } = await registry.publish(labMachine(), image.reference, 'shop/web:v1');
    await registry.relay.refuse();
    await using lab = await startLab(byTag);
    const result = await failedDeployment(lab);
    expect(result.log).toContain(`Could not pull ${byTag}`);
    expect((await resultFile(result)).error?.code).toBe('image-not-pulled');
  });

  test('that wants an account changes nothing without one', async () => {
    await using registry = await startRegistry({ user: 'robot', password: randomUUID() });
    const { byTag } = await registry.publish(labMachine(), image.reference, 'shop/web:v1');
    await using lab = await startLab(byTag);
    const result = await failedDeployment(lab);
    expect(result.log).toContain(`Could not pull ${byTag}`);
    expect((await resultFile(result)).error?.code).toBe('image-not-pulled');
  });
});

function removedAtEnd(reference: string): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await labMachine().run(['docker', 'rmi', '--force', reference]);
    },
  };
}
