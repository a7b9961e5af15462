import { readFile } from 'node:fs/promises';
import { encryptSops } from '@gitops/secrets';
import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ActionResult } from '../lab/action-runner.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { plant } from '../lab/planted.ts';
import { failedDeployment, resultFile } from './failed-deployment.ts';

const PASSWORD = plant('planted $ecret # 42');
let compose: string;

beforeAll(async () => {
  const { reference } = await healthyImage('web');
  compose = `services:\n  web:\n    image: ${reference}\n    environment: { DB_PASSWORD: "\${DB_PASSWORD}" }\n`;
});

afterAll(removeImages);

const DOTENV = `DB_PASSWORD='${PASSWORD}'\n`;

async function encrypted(identity: string, text = DOTENV): Promise<string> {
  return encryptSops(Buffer.from(text), { format: 'dotenv', recipients: [await identityToRecipient(identity)] });
}

/** A lab whose only stack has its variables out of an encrypted file. */
async function startLab(file: string): Promise<DeploymentLab> {
  const lab = await startDeploymentLab({ files: { 'compose.yaml': compose, '.env.encrypted': file } });
  const health = '  deadline: 60s\n  stability: 500ms\n';
  const stacks = `stacks:\n  - name: ${lab.project}\n    secrets: .env.encrypted\n`;
  await lab.commit({ 'environment.yml': environmentFile(lab.host, health) + stacks });
  return lab;
}

async function everythingShown({ rawLog, summary, outputs }: ActionResult): Promise<string> {
  const log = rawLog.replaceAll(/^::add-mask::.*$/gm, '');
  return [log, summary, JSON.stringify(outputs), await readFile(outputs['result'] ?? '', 'utf8')].join('\n');
}

test.concurrent.each([
  ['X25519', generateX25519Identity],
  ['post-quantum', generateHybridIdentity],
])('a stack gets its variables out of a file that is encrypted for a key of %s', async (_, generate) => {
  const identity = await generate();
  await using lab = await startLab(await encrypted(identity));
  const result = await lab.deploy({ 'sops-age-key': identity });
  expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed' });
  expect(await lab.exec('web', 'sh', '-c', 'echo "$DB_PASSWORD"')).toBe(PASSWORD);
  const shown = await everythingShown(result);
  expect(shown).not.toContain(PASSWORD);
  expect(shown).not.toContain(identity);
  await lab.commit({ '.env.encrypted': await encrypted(identity) });
  const again = await lab.deploy({ 'sops-age-key': identity });
  expect([again.outputs['outcome'], again.outputs['changes']], 'encrypted anew, with the same values').toEqual([
    'unchanged',
    '0',
  ]);
});

test('a changed value recreates its service and is never shown', async () => {
  const identity = await generateX25519Identity();
  await using lab = await startLab(await encrypted(identity));
  await lab.deploy({ 'sops-age-key': identity });
  await lab.commit({ '.env.encrypted': await encrypted(identity, `DB_PASSWORD=${plant('another planted one')}\n`) });
  const result = await lab.deploy({ 'sops-age-key': identity });
  expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed', changes: '1' });
  expect(await lab.exec('web', 'sh', '-c', 'echo "$DB_PASSWORD"')).toBe('another planted one');
  expect(await everythingShown(result)).not.toContain('another planted one');
});

test('what was tampered with, or cannot be opened, changes nothing and says so', async () => {
  const [identity, other] = [await generateX25519Identity(), await generateX25519Identity()];
  const file = await encrypted(identity, `${DOTENV}ROLE=admin\n`);
  await using lab = await startLab(file.replace(/^ROLE=.*\n/m, ''));
  const faults = [
    ['sops-mac-mismatch', identity],
    ['sops-wrong-key', other],
    ['sops-no-key', ''],
  ] as const;
  for (const [code, key] of faults) {
    const result = await failedDeployment(lab, { 'sops-age-key': key });
    const { error } = await resultFile(result);
    expect(error?.code).toBe(code);
    expect(error?.attempted).toContain('environments/lab/.env.encrypted');
  }
});

test('gitops opens it with the keys of the person at the machine', async () => {
  const identity = await generateX25519Identity();
  await using lab = await startLab(await encrypted(identity));
  const { code, stdout, stderr } = await lab.gitops('deploy');
  expect([code, stdout + stderr]).toEqual([2, expect.stringContaining('SOPS_AGE_KEY')]);
});
