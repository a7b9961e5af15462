import { chmod, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { buildImage, imageName, removeImages } from '../lab/images.ts';
import { cloneOf } from './init-clone.ts';
import { InitLab, written } from './init-lab.ts';

let lab: InitLab;
let image: string;
beforeAll(async () => {
  lab = await InitLab.start();
  image = (await healthyImage('init')).reference;
});
afterAll(async () => {
  await removeImages();
  await lab?.[Symbol.asyncDispose]();
});

describe.concurrent('gitops init', () => {
  test('writes a starter that deploys', async () => {
    await using site = lab.site();
    expect((await site.init('--host-key-fingerprint', lab.fingerprint)).code).toBe(0);
    // No registry can be reached from here, and port 8080 may be taken.
    const path = 'environments/production/compose.yaml';
    const web = imageName('starter');
    await buildImage(web, {
      command: ['httpd', '-f', '-p', '80', '-h', '/www'],
      files: { '/www/index.html': 'hello' },
    });
    const starter = (await site.file(path)).replace(/image: \S+/, `image: ${web}`).replace('8080:80', '127.0.0.1::80');
    await site.write({ [path]: starter });
    await site.git('commit', '--all', '--quiet', '--message', 'use what is here');
    expect(await lab.gitops('deploy', 'production', '-C', site.path, '-i', lab.identity)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect((await lab.gitops('status', 'production', '-C', site.path, '-i', lab.identity)).stdout).toContain(
      'web: healthy',
    );
  });

  test('copies an existing project, which then deploys as it was written', async () => {
    await using site = lab.site();
    const shop = join(lab.folder, `shop-${site.name}`);
    await site.write(
      {
        'docker-compose.yml': `name: ${site.project}
services:
  web:
    image: ${image}
    env_file: app.env
    environment: { TITLE: "\${TITLE}" }
    volumes:
      - ./site:/site:ro
      - ./hook.sh:/hook.sh
      - ./data:/data
      - /etc/hostname:/etc/host-name:ro
    configs: [motd]
    secrets: [password]
configs: { motd: { file: ./motd.txt } }
secrets: { password: { file: ./secrets/password.txt } }
`,
        'docker-compose.override.yml': 'services:\n  web:\n    labels: { site: shop }\n',
        '.env': 'TITLE=shop\n',
        'app.env': 'TOKEN=correct-horse\n',
        'site/index.html': 'hello\n',
        'site/deep/more.html': 'more\n',
        'hook.sh': '#!/bin/sh\n',
        'motd.txt': 'welcome\n',
        'secrets/password.txt': 'battery-staple',
        'data/orders.db': 'grown\n',
        'notes.txt': 'not needed\n',
      },
      shop,
    );
    await chmod(join(shop, 'hook.sh'), 0o755);

    const init = await site.init('--compose', shop, '--host-key-fingerprint', lab.fingerprint);
    expect(init).toMatchObject({ code: 0, stderr: '' });
    const below = (...paths: readonly string[]) => paths.map((path) => `environments/production/${path}`);
    const copied = [
      '.env',
      'app.env',
      'docker-compose.override.yml',
      'docker-compose.yml',
      'hook.sh',
      'motd.txt',
      'secrets/password.txt',
    ];
    const rest = written.filter((path) => !path.endsWith('compose.yaml'));
    expect(await site.files()).toEqual(
      [...rest, ...below('.gitignore', ...copied, 'site/deep/more.html', 'site/index.html')].sort(),
    );
    expect((await stat(join(site.path, 'environments/production/hook.sh'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(site.path, 'environments/production/.env'))).mode & 0o777).toBe(0o600);

    const tracked = (await site.git('ls-files')).split('\n');
    const secrets = below('.env', 'app.env', 'secrets/password.txt');
    for (const secret of secrets) expect(tracked).not.toContain(secret);
    expect(await site.git('status', '--porcelain')).toBe('');
    expect(init.stdout).toContain('Not copied: data (mounted writable');
    expect(init.stdout).toContain('Not copied: /etc/hostname (a path of the host itself');
    expect(init.stdout).toContain('gh secret set FILE_PRODUCTION_APP_ENV < ');
    expect(init.stdout).not.toContain('correct-horse');
    expect(init.stdout).toContain('+ web');

    const clone = await cloneOf(site, lab);
    await clone.writeSecrets(secrets);
    const deploy = await lab.gitops('deploy', 'production', '-C', clone.path, '-i', lab.identity);
    expect(deploy).toMatchObject({ code: 0, stderr: '' });
    expect(await site.running()).toBe('web');
    expect(await lab.gitops('status', 'production', '-C', site.path, '-i', lab.identity)).toMatchObject({
      stdout: expect.stringContaining('web: healthy'),
    });
    expect(await lab.gitops('history', 'production', '-C', site.path, '-i', lab.identity)).toMatchObject({ code: 0 });
    expect((await lab.gitops('plan', 'production', '-C', site.path, '-i', lab.identity)).stdout).toContain(
      'Plan: nothing to change.',
    );
  });

  test('keeps an empty .env out of git, and a clone deploys the same with and without it', async () => {
    await using site = lab.site();
    const shop = join(lab.folder, site.project);
    await site.write({ 'compose.yaml': `services:\n  web:\n    image: ${image}\n`, '.env': '' }, shop);
    const init = await site.init('--compose', shop, '--host-key-fingerprint', lab.fingerprint);
    expect(init).toMatchObject({ code: 0, stderr: '' });
    expect(init.stdout).toContain('They are committed.');
    expect(await site.git('status', '--porcelain')).toBe('');

    const clone = await cloneOf(site, lab);
    const flags = ['production', '-C', clone.path, '-i', lab.identity];
    expect(await lab.gitops('deploy', ...flags)).toMatchObject({ code: 0, stderr: '' });
    await clone.runSteps();
    expect(await clone.file('environments/production/.env')).toBe('');
    expect((await lab.gitops('plan', ...flags)).stdout).toContain('Plan: nothing to change.');
  });

  test('hints at taking over a project that runs already, and leaves it alone', async () => {
    await using site = lab.site();
    const shop = join(lab.folder, site.project);
    await site.write({ 'compose.yaml': `services:\n  web:\n    image: ${image}\n` }, shop);
    await runCommand('docker', ['compose', '--project-directory', shop, 'up', '--detach']);
    const init = await site.init('--compose', shop, '--host-key-fingerprint', lab.fingerprint);
    expect(init.code).toBe(0);
    expect(init.stdout).toContain('deploy with --adopt');
    expect(init.stdout).toMatch(/deploy production .* --adopt/);
    expect(await site.file('environments/production/environment.yml')).not.toContain('stacks:');
    expect(await site.running()).toBe('web');
  });

  test('takes the Compose file of the folder it is run in', async () => {
    await using site = lab.site();
    await site.write({ 'compose.yaml': `services:\n  web:\n    image: ${image}\n` });
    const init = await site.init('--host-key-fingerprint', lab.fingerprint);
    expect(init.code).toBe(0);
    expect(await site.file('environments/production/compose.yaml')).toContain(image);
    expect(await site.file('environments/production/environment.yml')).toContain(
      `- name: ${site.name} # the Compose project`,
    );
  });

  test('copies a writable folder only when it is told that it is configuration', async () => {
    await using site = lab.site();
    const shop = join(lab.folder, `copy-${site.name}`);
    const service = `services:\n  web:\n    image: ${image}\n    volumes: [./conf:/conf]\n`;
    await site.write({ 'prod.yml': service, 'conf/a.conf': 'a\n' }, shop);
    const words = ['--offline', '--known-hosts', lab.known, '--compose', join(shop, 'prod.yml')];
    expect(await site.init(...words, '--copy', 'config')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name one of conf'),
    });
    expect((await site.init(...words, '--copy', 'conf/')).code).toBe(0);
    expect(await site.file('environments/production/conf/a.conf')).toBe('a\n');
    expect(await site.file('environments/production/compose.yaml')).toBe(service);
  });

  test('refuses Compose files that could not be deployed, with every place', async () => {
    await using site = lab.site();
    const shop = join(lab.folder, `bad-${site.name}`);
    const web = '    image: "shop:${TAG}"\n    env_file: ../common.env\n';
    await site.write({ 'compose.yaml': `services:\n  web:\n${web}` }, shop);
    const init = await site.init('--compose', shop, '--host-key-fingerprint', lab.fingerprint);
    expect(init.code).toBe(2);
    expect(init.stderr).toContain(`${shop}/compose.yaml:3:18: variable \`TAG\` is not set`);
    expect(init.stderr).toContain(`${shop}/compose.yaml:4:15: \`../common.env\` leaves the repository`);
    expect(await site.files()).toEqual([]);
  });
});
