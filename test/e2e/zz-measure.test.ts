import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { checkStack } from '@gitops/compose';
import { type DeployResult, type Environment, effective, type Finding, loadEnvironment } from '@gitops/core';
import { checkTargets, deployEnvironment, type TargetCheckRequest } from '@gitops/operations';
import { openRepository } from '@gitops/repository';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RecordingReporter } from '../../packages/core/src/testing/recording-reporter.ts';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { labMachine } from '../lab/host.ts';
import { type LabImage, sleeperImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { freePort } from '../lab/loopback-port.ts';
import { type Registry, startRegistry } from '../lab/registry.ts';

const account = { user: 'robot', password: randomUUID() };
let sleeper: LabImage;
let registry: Registry;
let published: string;

beforeAll(async () => {
  [sleeper, registry] = await Promise.all([sleeperImage(), startRegistry(account)]);
  published = (await registry.publish(labMachine(), sleeper.reference, 'shop/web:v1')).byTag;
  await labMachine().run(['docker', 'rmi', '--force', published]);
});

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await removeImages();
});

function startLab(compose: string): Promise<DeploymentLab> {
  // What would be left in the folder for temporary files is found in the host's own.
  return startDeploymentLab({ files: { 'compose.yaml': compose }, environment: (TMPDIR) => ({ TMPDIR }) });
}

/** Asks the host about the checked-out commit. */
async function check(lab: DeploymentLab, more: Partial<TargetCheckRequest> = {}) {
  const view = await openRepository(lab.repository.path);
  const { environment, findings } = await loadEnvironment(view, 'lab');
  if (!environment) throw new Error(JSON.stringify(findings));
  const reporter = new RecordingReporter();
  const stacks = await stacksOf(view, environment);
  const credentials = credentialsOf(lab);
  const signal = AbortSignal.timeout(600_000);
  return {
    reporter,
    ...(await checkTargets({ ...credentials, environment, view, stacks, reporter, signal, actor: 'test', ...more })),
  };
}

function credentialsOf({ host }: DeploymentLab) {
  return { keys: [{ source: 'key', text: host.privateKey, passphrase: '' }], knownHosts: '', knownHostsSource: '' };
}

async function deployed(lab: DeploymentLab): Promise<DeployResult> {
  const { result } = await deployEnvironment({
    ...credentialsOf(lab),
    ...{ workingDirectory: lab.repository.path, environment: 'lab', sopsKeys: { identities: [] } },
    ...{ mode: 'apply', planHash: '', adopt: false, lockWaitMs: 0, onFailure: 'rollback', trigger: 'asked' },
    ...{ actor: 'test', signal: AbortSignal.timeout(600_000), reporter: new RecordingReporter() },
    ...{ onBegin: () => undefined, showPlan: () => undefined },
  });
  return result;
}

async function stacksOf(view: TargetCheckRequest['view'], { stacks, targets }: Environment) {
  const checked = await Promise.all(stacks.map(({ name, folder }) => checkStack(view, name, folder)));
  return checked.flatMap(({ project }, index) => {
    const [spec, target] = [stacks[index], targets[0]];
    return spec && project && target ? [{ spec, project, target }] : [];
  });
}

function environmentOf({ repository }: DeploymentLab): Promise<string> {
  return readFile(join(repository.path, 'environments/lab/environment.yml'), 'utf8');
}

function shown(findings: readonly Finding[]): string[] {
  return findings.map(({ rule, severity, file, line }) => `${severity} ${rule} ${file}:${line}`);
}

function messages(findings: readonly Finding[]): string {
  return findings.map(({ message, remedy }) => `${message} → ${remedy}`).join('\n');
}

/** All that a deployment, or a careless check, would leave on the host. */
function stateOf({ host, project, name, folder }: DeploymentLab): Promise<string> {
  return host.sh(
    [
      `ls -d '${folder}' '${host.stateDir}' 2>&1`,
      `ls -A '${host.directory}'`,
      `ls -A ~/.docker 2>&1`,
      `docker ps -a --filter label=com.docker.compose.project=${project} -q`,
      `docker images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' | grep -e '${name}' -e '${sleeper.reference}' -e '${published}'`,
      `docker network ls --format '{{.Name}}' | grep '${name}'`,
      `docker volume ls -q | grep '${name}'`,
      'true',
    ].join('\n'),
  );
}

async function listen(): Promise<Server & { port: number }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return Object.assign(server, { port: typeof address === 'object' && address ? address.port : 0 });
}

/** A project that needs what the host does not have. */
function demanding(port: number, silent: string): string {
  return `services:
  web:
    image: ${sleeper.reference}
    ports: ["${port}:8080"]
    volumes:
      - /nowhere/of/this/host:/x
      - /etc/hostname:/y:ro
      - data:/data
    networks: [proxy]
  db:
    image: ${silent}
  private:
    image: ${published}
  loaded:
    image: example/only-here:1
    pull_policy: never
networks:
  proxy: { external: true, name: nobody-made-this }
volumes:
  data: {}
`;
}

test('measure', async () => {
  await using lab = await startLab(`services:\n  web:\n    image: ${sleeper.reference}\n    ports: ["18081:80"]\n    volumes: ["/etc/hostname:/x:ro"]\n`);
  for (let i = 0; i < 6; i++) { const t = performance.now(); const { plan, findings } = await check(lab); console.log('MS', Math.round(performance.now() - t), plan.outcome, findings.length); }
  await deployed(lab);
  for (let i = 0; i < 6; i++) { const t = performance.now(); const { plan, findings } = await check(lab); console.log('MS deployed', Math.round(performance.now() - t), plan.outcome, findings.length); }
});
