import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import { failedDeployment, finalMessage, resultFile } from './failed-deployment.ts';
import { composeFile, FILE_FAULTS, line } from './file-faults.ts';

let compose: string;

beforeAll(async () => {
  compose = `services:\n  web:\n    image: ${(await healthyImage('web')).reference}\n`;
});

afterAll(removeImages);

function startLab(): Promise<DeploymentLab> {
  return startDeploymentLab({ files: { 'compose.yaml': compose } });
}

describe.concurrent('a deployment whose files are wrong changes nothing and shows the place of', () => {
  test.each(FILE_FAULTS)('$fault in $file', async ({ file, edit, at: [row, column], says }) => {
    await using lab = await startLab();
    await lab.repository.write({ [file]: edit(await readFile(join(lab.repository.path, file), 'utf8')) });
    await lab.repository.commit('break it');
    const result = await failedDeployment(lab);
    const [annotation, ...others] = result.annotations;
    expect(annotation).toMatchObject({ level: 'error', file, line: row, column, message: says });
    expect(others).toHaveLength(1);
    expect(finalMessage(result)).toContain(`${file}:${row}:${column}: ${says}`);
    expect(result.summary).toContain(`${file}:${row}:${column}: ${says}`);
  });

  test('a port that Compose refuses without a place', async () => {
    await using lab = await startDeploymentLab({
      files: { 'compose.yaml': compose + line('ports: ["99999999:80"]')('') },
    });
    const { annotations } = await failedDeployment(lab);
    expect(annotations[0]).toMatchObject({ level: 'error', file: composeFile });
    expect(annotations[0]?.message).toContain('Compose refuses the project: Invalid hostPort: 99999999 →');
  });

  test('a symbolic link that leaves the repository', async () => {
    await using lab = await startDeploymentLab({
      files: { 'compose.yaml': compose + line('volumes: ["./conf/hosts:/x:ro"]')('') },
    });
    await symlink('/etc', join(lab.repository.path, 'environments/lab/conf'));
    await lab.repository.commit('link');
    const { annotations } = await failedDeployment(lab);
    expect(annotations[0]).toMatchObject({ level: 'error', file: composeFile, line: 4, column: 15 });
    expect(annotations[0]?.message).toContain(
      '`environments/lab/conf/hosts` leads through a symbolic link to `/etc/hosts`, outside of the repository → link to a file of the repository',
    );
  });
});

describe.concurrent('a deployment changes nothing and says what to do about', () => {
  test('an environment that does not exist', async () => {
    await using lab = await startLab();
    await lab.repository.write({ 'environments/other/environment.yml': 'apiVersion: gitops/v1\n' });
    await lab.repository.commit('other');
    expect(finalMessage(await failedDeployment(lab, { environment: 'prod' }))).toContain(
      'environments/prod/environment.yml: there is no environment `prod` → use one of `lab`, `other`, or create this file',
    );
  });

  test('an environment whose name is a path', async () => {
    await using lab = await startLab();
    expect(finalMessage(await failedDeployment(lab, { environment: '../lab' }))).toContain(
      '"../lab" is not a name of an environment → use lower-case letters',
    );
  });

  test('a missing gitops.yml', async () => {
    await using lab = await startLab();
    await lab.repository.remove('gitops.yml');
    await lab.repository.commit('remove');
    expect(finalMessage(await failedDeployment(lab))).toContain(
      'gitops.yml: the file is missing at the root of the repository → create it with `apiVersion: gitops/v1` and `name: …`, or set `working-directory`',
    );
  });

  test('a folder without a Compose file', async () => {
    await using lab = await startLab();
    await lab.commitWithout('compose.yaml');
    expect(finalMessage(await failedDeployment(lab))).toContain(
      'environments/lab: there is no Compose file in environments/lab; looked for compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml → add one of these files',
    );
  });

  test('a folder that is not a git repository', async () => {
    await using lab = await startLab();
    await lab.repository.remove('.git');
    const message = finalMessage(await failedDeployment(lab));
    expect(message).toContain(`Could not read the git repository ${lab.repository.path}: it is not a git work tree`);
    expect(message).toContain('let actions/checkout run before');
  });

  test('a working directory that is not there', async () => {
    await using lab = await startLab();
    expect(finalMessage(await failedDeployment(lab, { 'working-directory': 'infra' }))).toContain(
      'there is no such folder\n  → set `working-directory` (`-C` on the command line) to the folder that holds gitops.yml',
    );
  });

  test.each<[input: string, value: string, says: string]>([
    ['environment', '', 'it is empty\n  → set `environment:` below `with:`'],
    ['ssh-private-key', '', 'it is empty\n  → set `ssh-private-key:` below `with:`; a secret that is not defined'],
    ['mode', 'aply', 'it is "aply"\n  → use one of: apply, plan'],
    ['lock-wait', 'soon', 'it is "soon"\n  → use a number with a unit: 30s, 10m or 1h'],
    ['on-failure', 'ignore', 'it is "ignore"\n  → use one of: rollback, freeze'],
    ['adopt', 'maybe', 'it is "maybe"\n  → use one of: false, true'],
  ])('the input %s being "%s"', async (input, value, says) => {
    await using lab = await startLab();
    const result = await failedDeployment(lab, { [input]: value });
    expect(finalMessage(result)).toContain(`Could not read the input \`${input}\`: ${says}`);
    expect((await resultFile(result)).error?.code).toBe('input');
  });

  test('a private key that is none, without showing any of it', async () => {
    await using lab = await startLab();
    const lines = [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      'c2VjcmV0LWtleS1tYXRlcmlhbA',
      '-----END OPENSSH PRIVATE KEY-----',
    ];
    const result = await failedDeployment(lab, { 'ssh-private-key': lines.join('\n') });
    expect(finalMessage(result)).toContain(
      'Could not read the private key for SSH (the input `ssh-private-key`): it is not a key in OpenSSH or PEM',
    );
    expect(finalMessage(result)).toContain('paste the whole file');
    expect(result.rawLog.replaceAll(/^::add-mask::.*$/gm, '')).not.toContain('c2VjcmV0');
    expect(result.summary).not.toContain('c2VjcmV0');
  });
});

test('a file that is not committed is deployed with a warning', async () => {
  await using lab = await startLab();
  await lab.repository.write({ [composeFile]: `${compose}    environment: { A: b }\n` });
  const result = await lab.deploy();
  expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed' });
  expect(result.annotations).toContainEqual({
    level: 'warning',
    message: `Files differ from the commit and are deployed as they are: ${composeFile}. Commit them, so that git says what runs.`,
  });
  expect(await lab.exec('web', 'sh', '-c', 'echo $A')).toBe('b');
});
