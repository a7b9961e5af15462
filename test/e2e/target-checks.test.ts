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

describe.concurrent('hosts that are asked about a commit', () => {
  test('say what would change and what they lack for it, and stay as they are', async () => {
    const holder = await listen();
    const silent = `127.0.0.1:${await freePort('127.0.0.1')}/shop/db:1`;
    await using lab = await startLab(demanding(holder.port, silent));
    const before = await stateOf(lab);
    const { plan, findings } = await check(lab);
    holder.close();
    expect(await stateOf(lab)).toBe(before);
    expect(plan.error?.message).toBeUndefined();
    expect(plan.outcome).toBe('planned');
    expect(plan.plan?.changes.map(({ subject, action }) => `${action} ${subject}`).sort()).toEqual([
      'create db',
      `create ${lab.project}_data`,
      `create ${lab.project}_default`,
      'create loaded',
      'create private',
      'create web',
    ]);
    const at = (line: number) => `environments/lab/compose.yaml:${line}`;
    expect(shown(findings).sort()).toEqual(
      [
        `error host/external-missing ${at(18)}`,
        `error host/image-not-loaded ${at(15)}`,
        `warning host/image-missing ${at(13)}`,
        `warning host/path-missing ${at(6)}`,
        `warning host/port-in-use ${at(4)}`,
        `warning host/registry-silent ${at(11)}`,
      ].sort(),
    );
    expect(messages(findings)).toContain(`the port ${holder.port}/tcp of`);
    expect(messages(findings)).toMatch(/held by the program .+ at 127\.0\.0\.1/);
    expect(messages(findings)).toContain('nobody answers at 127.0.0.1');
  });

  test('find a private image with the login, which is left nowhere', async () => {
    await using lab = await startLab(
      `services:\n  web:\n    image: ${published}\n  old:\n    image: ${published}-gone\n`,
    );
    const host = registry.addressFor(labMachine());
    const text = await environmentOf(lab);
    await lab.commit({
      'environment.yml': `${text}registries:\n  - host: ${host}\n    username: ${account.user}\n    password: \${REGISTRY_TOKEN}\n`,
      '.env': `REGISTRY_TOKEN=${account.password}\n`,
    });
    const before = await stateOf(lab);
    const { plan, findings, reporter } = await check(lab);
    expect(await stateOf(lab)).toBe(before);
    expect(plan.outcome).toBe('planned');
    expect(shown(findings)).toEqual(['warning host/image-missing environments/lab/compose.yaml:5']);
    expect(messages(findings)).toContain(`${published}-gone`);
    const auth = Buffer.from(`${account.user}:${account.password}`).toString('base64');
    expect(
      await lab.sh(
        `grep -rlF -e ${account.password} -e ${auth} '${lab.host.directory}' /dev/shm ~/.docker 2>/dev/null || true`,
      ),
    ).toBe('');
    expect(JSON.stringify([plan, findings, reporter.said, reporter.details])).not.toMatch(
      new RegExp(`${account.password}|${auth}`),
    );
    // Nobody vouches for the registry of a pull request.
    const view = await openRepository(lab.repository.path);
    const { environment } = await loadEnvironment(view, 'lab');
    const { registries: _, ...without } = environment ?? { targets: [] };
    const base = { environment: environment && { ...environment, ...without, registries: [] } };
    expect(shown((await check(lab, { base })).findings)).toEqual([]);
  });

  test('tell no registry a secret that is part of the name of an image', async () => {
    const server = await listen();
    let connections = 0;
    server.on('connection', (socket) => {
      connections++;
      socket.destroy();
    });
    try {
      const image = (name: string) => `127.0.0.1:${server.port}/${name}:1`;
      const compose = (name: string) => `services:\n  web:\n    image: ${image(name)}\n`;
      await using lab = await startLab(compose('public'));
      await check(lab);
      expect(connections, 'asked about a name that is no secret').toBeGreaterThan(0);
      connections = 0;
      await lab.commit({ 'compose.yaml': compose('${DB_PASSWORD}'), '.env': 'DB_PASSWORD=plantedsecret\n' });
      const { findings } = await check(lab);
      expect([connections, JSON.stringify(findings)]).toEqual([0, expect.not.stringContaining('plantedsecret')]);
    } finally {
      server.close();
    }
  });

  test('keep their records as they are', async () => {
    await using lab = await startLab(`services:\n  web:\n    image: ${sleeper.reference}\n`);
    const { outcome } = await deployed(lab);
    expect(outcome).toBe('deployed');
    const records = () => lab.sh(`ls -lnR --time-style=full-iso '${lab.folder}'`);
    const [before, state] = [await records(), await stateOf(lab)];
    const same = await check(lab);
    await lab.commit({ 'compose.yaml': `services:\n  web:\n    image: ${sleeper.reference}\n    hostname: other\n` });
    const other = await check(lab);
    expect([await records(), await stateOf(lab)]).toEqual([before, state]);
    expect([same.plan.outcome, same.plan.plan?.changes.length, same.findings]).toEqual(['planned', 0, []]);
    expect(effective(other.plan.plan?.changes ?? []).map(({ subject }) => subject)).toEqual(['web']);
  });

  test('refuse a plan at the place in git', async () => {
    await using lab = await startLab(`services:\n  web:\n    image: ${sleeper.reference}\n    container_name: NAME\n`);
    const name = `${lab.name}-taken`;
    await lab.sh(`docker run -d --name ${name} ${sleeper.reference}`);
    await lab.commit({
      'compose.yaml': `services:\n  web:\n    image: ${sleeper.reference}\n    container_name: ${name}\n`,
    });
    const { plan, findings } = await check(lab);
    await lab.sh(`docker rm -f ${name}`);
    expect([plan.outcome, ...shown(findings)]).toEqual([
      'failed-before-change',
      'error host/refused environments/lab/compose.yaml:1',
    ]);
    expect(messages(findings)).toContain(`is held by the container ${name}`);
  });

  test('tell what Compose says of the files, and where', async () => {
    await using lab = await startLab(`services:\n  web:\n    image: ${sleeper.reference}\n    ports: ["1:2:3:4:5"]\n`);
    const { findings } = await check(lab);
    expect(shown(findings)).toEqual([
      expect.stringMatching(/^error compose\/refused environments\/lab\/compose.yaml:/),
    ]);
  });

  test('that can not be reached leave the plan unknown, at the line that names them', async () => {
    await using lab = await startLab(`services:\n  web:\n    image: ${sleeper.reference}\n`);
    const text = await environmentOf(lab);
    const port = await freePort('127.0.0.1');
    await lab.commit({ 'environment.yml': text.replace(/port: \d+/, `port: ${port}`) });
    const { plan, findings } = await check(lab);
    expect([plan.outcome, ...shown(findings)]).toEqual([
      'unknown',
      'error host/unreadable environments/lab/environment.yml:5',
    ]);
    expect(messages(findings)).toContain(`could not connect to 127.0.0.1:${port}`);
  });

  test('are not asked where a pull request says another way to them', async () => {
    await using lab = await startLab(`services:\n  web:\n    image: ${sleeper.reference}\n`);
    const { environment } = await loadEnvironment(await openRepository(lab.repository.path), 'lab');
    const [target] = environment?.targets ?? [];
    const elsewhere = environment && target && { ...environment, targets: [{ ...target, docker: 'sudo docker' }] };
    const { plan, findings } = await check(lab, { base: { environment: elsewhere } });
    expect([plan.outcome, ...shown(findings)]).toEqual([
      'unknown',
      'warning host/not-asked environments/lab/environment.yml:5',
    ]);
    expect(await lab.host.log()).not.toContain('Accepted publickey');
  });
});
