import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { startLoopbackHost } from '../lab/loopback-host.ts';
import { freePort } from '../lab/loopback-port.ts';
import { failedDeployment, finalMessage } from './failed-deployment.ts';

/** Whose keys are right in form and wrong for every other host. */
let stranger: LabHost;

beforeAll(async () => {
  stranger = await startLoopbackHost();
});

afterAll(() => stranger.stop());

function startLab(): Promise<DeploymentLab> {
  return startDeploymentLab({ files: { 'compose.yaml': 'services:\n  web:\n    image: example/web\n' } });
}

/** `127.0.0.1:PORT` as known_hosts names it. */
function named(lab: DeploymentLab): string {
  return `[${lab.host.host}]:${lab.host.port}`;
}

/** A key of the lab as its known_hosts line has it: type and base64. */
function keyOf({ knownHosts }: LabHost): readonly [type: string, base64: string] {
  const [, type = '', base64 = ''] = knownHosts.trim().split(' ');
  return [type, base64];
}

async function fingerprintOf(host: LabHost): Promise<string> {
  const line = await runCommand('ssh-keygen', ['-lf', '-'], { input: host.knownHosts });
  return /SHA256:\S+/.exec(line)?.[0] ?? '';
}

describe.concurrent('a deployment to a host that cannot be logged in to changes nothing, and says what to do if', () => {
  test('no line of known_hosts is about it', async () => {
    await using lab = await startLab();
    await lab.commit({ known_hosts: '# nobody yet\n' });
    const message = finalMessage(await failedDeployment(lab));
    const [type, base64] = keyOf(lab.host);
    expect(message).toContain(
      `known_hosts has no key for ${named(lab)}; the host shows ${type} ${await fingerprintOf(lab.host)}`,
    );
    expect(message).toContain(`add this line to environments/lab/known_hosts: ${named(lab)} ${type} ${base64}`);
  });

  test('it shows another key', async () => {
    await using lab = await startLab();
    await lab.commit({ known_hosts: `${named(lab)} ${keyOf(stranger).join(' ')}\n` });
    const message = finalMessage(await failedDeployment(lab));
    expect(message).toContain(
      `the host shows ssh-ed25519 ${await fingerprintOf(lab.host)}, but environments/lab/known_hosts pins ssh-ed25519 ${await fingerprintOf(stranger)}`,
    );
    expect(message).toContain('if the host was set up anew, replace its lines');
  });

  test('the input ssh-known-hosts pins another key', async () => {
    await using lab = await startLab();
    const line = `${named(lab)} ${keyOf(stranger).join(' ')}`;
    expect(finalMessage(await failedDeployment(lab, { 'ssh-known-hosts': line }))).toContain(
      'but the input `ssh-known-hosts` pins ssh-ed25519',
    );
  });

  test('a line of known_hosts is damaged', async () => {
    await using lab = await startLab();
    await lab.commit({ known_hosts: `# comment\n${named(lab)} ssh-ed25519\n` });
    expect(finalMessage(await failedDeployment(lab))).toContain(
      'Could not read line 2 of environments/lab/known_hosts: it is not `names type key`',
    );
  });

  test('it refuses the key', async () => {
    await using lab = await startLab();
    const result = await failedDeployment(lab, { 'ssh-private-key': stranger.privateKey });
    const { user, port } = lab.host;
    expect(finalMessage(result)).toContain(
      `Could not connect to ${user}@127.0.0.1:${port}: the host refused the key SHA256:`,
    );
    expect(finalMessage(result)).toContain(`add its public key to ~${user}/.ssh/authorized_keys`);
  });

  test('nothing listens on its port', async () => {
    await using lab = await startLab();
    const port = await freePort('127.0.0.1');
    await lab.commit({ 'environment.yml': environmentFile({ ...lab.host, port }, '  deadline: 20s\n') });
    expect(finalMessage(await failedDeployment(lab))).toContain(
      `Could not connect to 127.0.0.1:${port}: the host refused: nothing listens on this port\n  → check that the host is up`,
    );
  });

  test('its name has no address', async () => {
    await using lab = await startLab();
    await lab.commit({
      'environment.yml': environmentFile({ ...lab.host, host: 'nowhere.invalid' }, '  deadline: 20s\n'),
    });
    expect(finalMessage(await failedDeployment(lab))).toContain('the name nowhere.invalid has no address');
  });
});
