import { afterAll, expect, test } from 'vitest';
import { startContainerHost } from '../lab/container-host.ts';
import { loadImage, startMachine } from '../lab/container-machine.ts';
import { startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage, unhealthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

const [web, sick] = await Promise.all([healthyImage('one'), unhealthyImage()]);

afterAll(removeImages);

test('a user who may call Docker by sudo alone deploys, goes back, and is told when that is missing', async () => {
  await using machine = await startMachine();
  for (const { reference } of [web, sick]) await loadImage(machine, reference);
  const host = await startContainerHost(machine, { user: 'sudoer' });
  const compose = (image: string) => `services:\n  web:\n    image: ${image}\n`;
  await using lab = await startDeploymentLab({ host, files: { 'compose.yaml': compose(web.reference) } });
  const denied = await lab.deploy();
  expect(denied.outputs, denied.log).toMatchObject({ outcome: 'failed-before-change' });
  expect(denied.log).toContain('let the SSH user reach Docker');

  const path = 'environments/lab/environment.yml';
  const text = await lab.repository.git('show', `HEAD:${path}`);
  await lab.repository.write({ [path]: text.replace('    stateDir:', '    docker: sudo docker\n    stateDir:') });
  await lab.repository.commit('by sudo');
  const deployed = await lab.deploy();
  expect(deployed.outputs, deployed.log).toMatchObject({ outcome: 'deployed', verdict: 'healthy' });
  expect((await lab.deploy()).outputs['outcome']).toBe('unchanged');
  await lab.commit({ 'compose.yaml': compose(sick.reference) });
  expect((await lab.deploy()).outputs).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
  const running = `docker inspect --format '{{.Image}} {{.State.Status}}' $(docker ps --quiet)`;
  expect(await host.sh(running)).toBe(`${web.id} running`);

  await machine.run(['sh', '-c', 'rm -f /etc/sudoers.d/*; sed -i /sudoer/d /etc/sudoers']);
  const refused = await lab.deploy();
  expect(refused.outputs).toMatchObject({ outcome: 'failed-before-change' });
  expect(refused.log).toContain('NOPASSWD: /usr/bin/docker');
});
