import { afterAll, expect, test } from 'vitest';
import { startDeploymentLab } from '../../lab/deployment-lab.ts';
import { healthyImage } from '../../lab/image-kinds.ts';
import { removeImages } from '../../lab/images.ts';

const image = await healthyImage('one', 'v1');
const health = '  deadline: 20s\n  stability: 500ms\n  confirmTimeout: 20s\n';

afterAll(removeImages);

/** A line that has no end is told in part, whatever Docker counts as a line. */
test('a service whose log is one line without an end is rolled back, and told in part', async () => {
  const talker = `services:
  web:
    image: ${image.reference}
    command: [sh, -c, "while :; do printf 0123456789; done"]
    healthcheck: { test: [CMD, "false"], interval: 2s, retries: 2 }
`;
  await using lab = await startDeploymentLab({ files: { 'compose.yaml': talker }, health });
  const { outputs, rawLog, summary } = await lab.deploy();
  expect(outputs).toMatchObject({ outcome: 'rolled-back', verdict: 'unhealthy' });
  expect(rawLog).toContain('0123456789'.repeat(20));
  expect(rawLog.length).toBeLessThan(300_000);
  expect(summary.length).toBeLessThan(300_000);
});
