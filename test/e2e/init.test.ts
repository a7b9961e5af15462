import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../lab/command.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { buildImage, imageName, removeImages } from '../lab/images.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { startLoopbackHost } from '../lab/loopback-host.ts';
import { removeProject } from '../lab/project.ts';
import { createTemporaryDirectory, type TemporaryDirectory } from '../lab/temporary-directory.ts';
import { openTerminal } from '../lab/terminal.ts';

/** Where `gitops.mjs` lies, alone; also the home of who runs it. */
let home: TemporaryDirectory;
let program: string;
let host: LabHost;
let identity: string;
let fingerprint: string;
let image: string;
const env = () => ({ PATH: process.env['PATH'], HOME: home.path });

beforeAll(async () => {
  home = await createTemporaryDirectory('init');
  program = join(home.path, 'gitops.mjs');
  identity = join(home.path, 'key');
  await copyFile(join(import.meta.dirname, '../../dist/gitops.mjs'), program);
  await writeFile(join(home.path, '.gitconfig'), '[user]\nname = Lab\nemail = lab@example.com\n');
  host = await startLoopbackHost();
  await writeFile(identity, host.privateKey, { mode: 0o600 });
  await writeFile(join(home.path, 'known'), `${host.knownHosts}\n`);
  fingerprint = (await runCommand('ssh-keygen', ['-lf', join(home.path, 'known')])).split(' ')[1] ?? '';
  image = (await healthyImage('init')).reference;
});

afterAll(async () => {
  await host?.stop();
  await removeImages();
  await home?.[Symbol.asyncDispose]();
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function gitops(...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...words], { cwd: home.path, env: env() }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

/** A place to write to, and the project that a deployment of it makes. */
class Site implements AsyncDisposable {
  readonly name = `init${randomBytes(4).toString('hex')}`;
  readonly path = join(home.path, this.name);

  get project(): string {
    return `${this.name}-production`;
  }

  /** The flags that say who and where, beside those that pin the key. */
  get flags(): string[] {
    const target = [
      '--host',
      host.host,
      '--port',
      String(host.port),
      '--user',
      host.user,
      '--state-dir',
      host.stateDir,
    ];
    return ['-C', this.path, '--name', this.name, '--identity', identity, ...target];
  }

  init(...words: readonly string[]): Promise<Ended> {
    return gitops('init', ...this.flags, ...words);
  }

  file(path: string): Promise<string> {
    return readFile(join(this.path, path), 'utf8');
  }

  async write(files: Readonly<Record<string, string>>, folder = this.path): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  }

  git(...words: readonly string[]): Promise<string> {
    return runCommand('git', ['-C', this.path, ...words], { env: env() });
  }

  /** Every file but git's own. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true }).catch(() => []);
    const paths = entries
      .filter((it) => it.isFile())
      .map((it) => join(it.parentPath, it.name).slice(this.path.length + 1));
    return paths.filter((path) => !path.startsWith('.git/')).sort();
  }

  running(project = this.project): Promise<string> {
    const filter = `label=com.docker.compose.project=${project}`;
    return runCommand('docker', ['ps', '--filter', filter, '--format', '{{.Label "com.docker.compose.service"}}']);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeProject(this.project);
  }
}

/** Takes the secret files away and lets the workflow write them anew, from what GitHub would keep of them. */
async function restoreSecrets(site: Site, paths: readonly string[]): Promise<void> {
  const before = await Promise.all(paths.map((path) => site.file(path)));
  const workflow = v.parse(Workflow, parse(await site.file('.github/workflows/deploy.yml')));
  const steps = workflow.jobs.deploy.steps.flatMap(({ run }) => run ?? []);
  expect(steps).toHaveLength(paths.length);
  for (const path of paths) {
    const CONTENT = (await site.file(path)).replace(/[\r\n]+$/, '');
    await rm(join(site.path, path));
    const step = steps.find((text) => text.includes(`'${path}'`)) ?? '';
    const cwd = site.path;
    await expect(runCommand('sh', ['-e', '-c', step], { cwd, env: env() })).rejects.toThrow('set the secret FILE_');
    await runCommand('sh', ['-e', '-c', step], { cwd, env: { ...env(), CONTENT } });
  }
  expect(await Promise.all(paths.map((path) => site.file(path)))).toEqual(before);
}

const Workflow = v.object({
  jobs: v.object({ deploy: v.object({ steps: v.array(v.object({ run: v.optional(v.string()) })) }) }),
});

const written = [
  '.github/workflows/deploy.yml',
  '.gitignore',
  'README.md',
  'environments/production/compose.yaml',
  'environments/production/environment.yml',
  'environments/production/known_hosts',
  'gitops.yml',
];

describe.concurrent('gitops init', () => {
  test('writes a repository from flags alone, commits it and plans it', async () => {
    await using site = new Site();
    const init = await site.init('--host-key-fingerprint', fingerprint, '--owner', 'example');
    expect(init).toMatchObject({ code: 0, stderr: '' });
    expect(await site.files()).toEqual(written);
    expect(await site.git('status', '--porcelain')).toBe('');
    expect(await site.git('log', '--format=%s')).toBe('Describe the environment production');
    expect(await site.file('environments/production/known_hosts')).toContain(`\n${host.knownHosts}\n`);
    expect(await site.file('gitops.yml')).toContain(
      '$schema=https://raw.githubusercontent.com/example/gitops-coordinator/v1/schemas/gitops.schema.json',
    );
    expect(await site.file('.github/workflows/deploy.yml')).toContain(
      'uses: example/gitops-coordinator/actions/deploy@v1',
    );
    expect(init.stdout).toMatch(/ok +login/);
    expect(init.stdout).toMatch(/\+ web +create/);
    expect(init.stdout).toContain('📋 Planned');
    expect(init.stdout).toMatch(
      /Next:\n {2}cd .*\n {2}node ..\/gitops.mjs deploy production -i ..\/key\n {2}gh repo create .* --private --source \.\n {2}gh secret set DEPLOY_KEY < ..\/key\n/,
    );
    expect(init.stdout).not.toContain('OWNER');
    expect(await site.running()).toBe('');
  });

  test('writes a Compose file that Compose takes and that the host could run', async () => {
    await using site = new Site();
    await site.init('--host-key-fingerprint', fingerprint);
    const file = join(site.path, 'environments/production/compose.yaml');
    const config: unknown = JSON.parse(
      await runCommand('docker', ['compose', '-f', file, 'config', '--format', 'json']),
    );
    expect(config).toMatchObject({ services: { web: { healthcheck: { test: expect.arrayContaining(['wget']) } } } });
  });

  test('writes a starter that deploys', async () => {
    await using site = new Site();
    expect((await site.init('--host-key-fingerprint', fingerprint)).code).toBe(0);
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
    expect(await gitops('deploy', 'production', '-C', site.path, '-i', identity)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect((await gitops('status', 'production', '-C', site.path, '-i', identity)).stdout).toContain('web: healthy');
  });

  test('copies an existing project, which then deploys as it was written', async () => {
    await using site = new Site();
    const shop = join(home.path, `shop-${site.name}`);
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
secrets: { password: { file: ./password.txt } }
`,
        'docker-compose.override.yml': 'services:\n  web:\n    labels: { site: shop }\n',
        '.env': 'TITLE=shop\n',
        'app.env': 'TOKEN=correct-horse\n',
        'site/index.html': 'hello\n',
        'site/deep/more.html': 'more\n',
        'hook.sh': '#!/bin/sh\n',
        'motd.txt': 'welcome\n',
        'password.txt': 'battery-staple',
        'data/orders.db': 'grown\n',
        'notes.txt': 'not needed\n',
      },
      shop,
    );
    await chmod(join(shop, 'hook.sh'), 0o755);

    const init = await site.init('--compose', shop, '--host-key-fingerprint', fingerprint);
    expect(init).toMatchObject({ code: 0, stderr: '' });
    const below = (...paths: readonly string[]) => paths.map((path) => `environments/production/${path}`);
    const copied = [
      '.env',
      'app.env',
      'docker-compose.override.yml',
      'docker-compose.yml',
      'hook.sh',
      'motd.txt',
      'password.txt',
    ];
    const rest = written.filter((path) => !path.endsWith('compose.yaml'));
    expect(await site.files()).toEqual(
      [...rest, ...below('.gitignore', ...copied, 'site/deep/more.html', 'site/index.html')].sort(),
    );
    expect((await stat(join(site.path, 'environments/production/hook.sh'))).mode & 0o777).toBe(0o755);
    expect((await stat(join(site.path, 'environments/production/.env'))).mode & 0o777).toBe(0o600);

    const tracked = (await site.git('ls-files')).split('\n');
    for (const secret of below('.env', 'app.env', 'password.txt')) expect(tracked).not.toContain(secret);
    expect(await site.git('status', '--porcelain')).toBe('');
    expect(init.stdout).toContain('Not copied: data (mounted writable');
    expect(init.stdout).toContain('Not copied: /etc/hostname (a path of the host itself');
    expect(init.stdout).toContain('gh secret set FILE_PRODUCTION_APP_ENV < ');
    expect(init.stdout).not.toContain('correct-horse');
    await restoreSecrets(site, below('.env', 'app.env', 'password.txt'));
    expect(init.stdout).toContain('+ web');

    const deploy = await gitops('deploy', 'production', '-C', site.path, '-i', identity);
    expect(deploy).toMatchObject({ code: 0, stderr: '' });
    expect(await site.running()).toBe('web');
    expect(await gitops('status', 'production', '-C', site.path, '-i', identity)).toMatchObject({
      stdout: expect.stringContaining('web: healthy'),
    });
    expect(await gitops('history', 'production', '-C', site.path, '-i', identity)).toMatchObject({ code: 0 });
    expect((await gitops('plan', 'production', '-C', site.path, '-i', identity)).stdout).toContain(
      'Plan: nothing to change.',
    );
  });

  test('hints at taking over a project that runs already, and leaves it alone', async () => {
    await using site = new Site();
    const shop = join(home.path, site.project);
    await site.write({ 'compose.yaml': `services:\n  web:\n    image: ${image}\n` }, shop);
    await runCommand('docker', ['compose', '--project-directory', shop, 'up', '--detach']);
    const init = await site.init('--compose', shop, '--host-key-fingerprint', fingerprint);
    expect(init.code).toBe(0);
    expect(init.stdout).toContain('deploy with --adopt');
    expect(init.stdout).toMatch(/deploy production .* --adopt/);
    expect(await site.file('environments/production/environment.yml')).not.toContain('stacks:');
    expect(await site.running()).toBe('web');
  });

  test('asks on a terminal, shows the host key, and asks again for what will not do', async () => {
    await using site = new Site();
    const words = [process.execPath, program, 'init', '-C', site.path, '--identity', identity];
    await using terminal = openTerminal(words, { cwd: home.path, env: env() });
    const answer = async (question: string, line: string) => {
      await terminal.waitFor(question);
      terminal.type(line);
    };
    await answer(`Name of the repository [${site.name}]: `, '');
    await answer('Name of the environment [production]: ', 'Not A Name');
    await answer('→ use lower-case letters', 'production');
    await answer('Docker host (name or address): ', host.host);
    await answer('Port of its SSH server [22]: ', String(host.port));
    await answer('SSH user on the host: ', host.user);
    await answer('Folder for releases on the host [/var/lib/gitops]: ', host.stateDir);
    await answer('Existing Compose file', '');
    await answer('Name of the Compose project', '');
    await answer('Folder of the Compose file', '');
    await answer('Account on GitHub', '');
    await terminal.waitFor(fingerprint);
    await answer('Are they the same? [yes/no] ', 'perhaps');
    await answer('Are they the same? [yes/no] ', 'yes');
    await answer('Commit these files now? [Y/n] ', 'y');
    await terminal.waitFor('📋 Planned');
    expect(await terminal.done).toBe(0);
    expect(terminal.shown()).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    expect(await site.files()).toEqual(written);
    expect(await site.git('log', '--format=%s')).toBe('Describe the environment production');
  });

  test('takes lines that were pasted ahead as answers to the questions that follow', async () => {
    await using site = new Site();
    const words = [
      process.execPath,
      program,
      'init',
      '-C',
      site.path,
      '--offline',
      '--known-hosts',
      'known',
      '--no-commit',
    ];
    await using terminal = openTerminal(words, { cwd: home.path, env: env() });
    await terminal.waitFor('Name of the repository');
    terminal.type(['shop', 'staging', host.host, String(host.port), host.user, '', '', '', 'app', ''].join('\r'));
    await terminal.waitFor('Next:');
    expect(await terminal.done).toBe(0);
    expect(await site.files()).toContain('environments/staging/app/compose.yaml');
    const environment = await site.file('environments/staging/environment.yml');
    expect(environment).toContain('- name: shop-staging # the Compose project\n    path: app ');
  });

  test('--yes accepts no host key: a person who says no ends it, with the answers kept', async () => {
    await using site = new Site();
    const words = [process.execPath, program, 'init', ...site.flags, '--yes'];
    await using terminal = openTerminal(words, { cwd: home.path, env: env() });
    await terminal.waitFor('Are they the same? [yes/no] ');
    terminal.type('no');
    await terminal.waitFor('Nothing was written. To go on from here:');
    await terminal.waitFor(`--name ${site.name}`);
    expect(await terminal.done).toBe(1);
    expect(await site.files()).toEqual([]);
  });

  test('ends at Ctrl-C without writing', async () => {
    await using site = new Site();
    const words = [process.execPath, program, 'init', '-C', site.path];
    await using terminal = openTerminal(words, { cwd: home.path, env: env() });
    await terminal.waitFor('Name of the repository');
    terminal.type('\u0003');
    await terminal.waitFor('the questions were ended');
    expect(await terminal.done).toBe(1);
    expect(await site.files()).toEqual([]);
  });

  test('never asks without a terminal and names every flag that is missing', async () => {
    await using site = new Site();
    const init = await gitops('init', '-C', site.path, '--yes');
    expect(init).toMatchObject({ code: 2, stdout: '' });
    expect(init.stderr).toContain('add --host, --user, --host-key-fingerprint or --known-hosts');
    expect(await site.files()).toEqual([]);
  });

  test.each<[words: string[], says: string]>([
    [['--host', 'a b'], 'Could not read --host: "a b"'],
    [['--port', '70000'], 'write a port from 1 to 65535'],
    [['--environment', 'Pro'], 'Could not read --environment: "Pro"'],
    [['--stack-folder', '../x'], 'Could not read --stack-folder'],
    [['--compose', 'nowhere'], 'there is no such file or folder'],
    [['--compose', 'x', '--starter'], "option '--starter' cannot be used with option '--compose <path>'"],
  ])('%j exits 2', async (words, says) => {
    const init = await gitops('init', '-C', join(home.path, 'unwritten'), ...words);
    expect(init.code).toBe(2);
    expect(init.stderr).toContain(says);
  });

  test('refuses a host whose key has another fingerprint, before it logs in', async () => {
    await using site = new Site();
    const other = `SHA256:${'A'.repeat(43)}`;
    const init = await site.init('--host-key-fingerprint', other);
    expect(init.code).toBe(5);
    expect(init.stderr).toContain(`the host shows ssh-ed25519 ${fingerprint}`);
    expect(init.stderr).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    expect(init.stdout).toContain('Nothing was written.');
    expect(await site.files()).toEqual([]);
  });

  test('takes the lines of a known_hosts file, and refuses one without a line for the host', async () => {
    await using site = new Site();
    const file = join(home.path, `known-${site.name}`);
    await writeFile(file, '# nobody\n');
    expect(await site.init('--known-hosts', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`it has no line for [127.0.0.1]:${host.port}`),
    });
    expect((await site.init('--known-hosts', join(home.path, 'known'))).code).toBe(0);
    expect(await site.file('environments/production/known_hosts')).toContain(`\n${host.knownHosts}\n`);
  });

  test('says what is to be done on a host that is not fit, and can be run again', async () => {
    await using site = new Site();
    const flags = ['--host-key-fingerprint', fingerprint, '--state-dir', '/etc/hostname/gitops'];
    const init = await site.init(...flags);
    expect(init.code).toBe(1);
    expect(init.stdout).toMatch(/MISSING \/etc\/hostname\/gitops is not there/);
    expect(init.stderr).toContain(`sudo install -d -m 0700 -o ${host.user} /etc/hostname/gitops`);
    expect(await site.files()).toEqual([]);
    const again = /^ {2}node (gitops\.mjs init .*)$/m.exec(init.stdout)?.[1]?.split(' ') ?? [];
    const mended = again.slice(1).map((word) => (word === '/etc/hostname/gitops' ? host.stateDir : word));
    expect(await gitops(...mended)).toMatchObject({ code: 0, stderr: '' });
  });

  test('names a host on which Docker cannot be asked', async () => {
    await using site = new Site();
    const nowhere = { DOCKER_HOST: `unix://${home.path}/docker.sock` };
    await using deaf = await startLoopbackHost({ environment: () => nowhere });
    const lines = join(home.path, `deaf-${site.name}`);
    const key = join(home.path, `deaf-key-${site.name}`);
    await writeFile(lines, `${deaf.knownHosts}\n`);
    await writeFile(key, deaf.privateKey, { mode: 0o600 });
    const target = [
      '--host',
      deaf.host,
      '--port',
      String(deaf.port),
      '--user',
      deaf.user,
      '--state-dir',
      deaf.stateDir,
    ];
    const init = await gitops('init', '-C', site.path, ...target, '--identity', key, '--known-hosts', lines);
    expect(init.code).toBe(1);
    expect(init.stderr).toContain('sudo systemctl enable --now docker');
  });

  test('leaves what is there: files of its own names are named, those in the way refuse it', async () => {
    await using site = new Site();
    await site.write({ 'README.md': '# mine\n', '.gitignore': 'node_modules\n' });
    const init = await site.init('--host-key-fingerprint', fingerprint);
    expect(init.code).toBe(0);
    expect(init.stdout).toContain('left     README.md, which is there already');
    expect(await site.file('README.md')).toBe('# mine\n');
    expect(await site.file('.gitignore')).toBe('node_modules\n');

    const again = await site.init('--host-key-fingerprint', fingerprint);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('is there environments/production/environment.yml');

    const other = await site.init('--host-key-fingerprint', fingerprint, '--project', 'other');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('environments/production/environment.yml already there with other content');
    const renamed = await site.init('--host-key-fingerprint', fingerprint, '--name', 'other');
    expect(renamed).toMatchObject({ code: 2, stderr: expect.stringContaining(`gitops.yml says \`${site.name}\``) });
  });

  test('adds to a repository that has commits, and commits only when it is told to', async () => {
    await using site = new Site();
    await site.write({ 'notes.txt': 'mine\n' });
    await site.git('init', '--quiet', '--initial-branch', 'trunk');
    await site.git('add', '--all');
    await site.git('commit', '--quiet', '--message', 'first');
    const init = await site.init('--host-key-fingerprint', fingerprint);
    expect(init.code).toBe(0);
    expect(init.stdout).toContain('They are not committed yet.');
    expect(init.stdout).toMatch(/Next:\n {2}cd .*\n {2}git add gitops.yml .* && git commit -m /);
    expect(init.stdout).toContain('📋 Planned');
    expect(await site.file('.github/workflows/deploy.yml')).toContain('branches: [trunk]');
    expect(await site.git('log', '--format=%s')).toBe('first');
    await site.write({ 'staged.txt': 'mine\n' });
    await site.git('add', 'staged.txt');
    expect((await site.init('--host-key-fingerprint', fingerprint, '--commit')).code).toBe(0);
    expect(await site.git('status', '--porcelain')).toBe('A  staged.txt');
  });

  test('takes the Compose file of the folder it is run in', async () => {
    await using site = new Site();
    await site.write({ 'compose.yaml': `services:\n  web:\n    image: ${image}\n` });
    const init = await site.init('--host-key-fingerprint', fingerprint);
    expect(init.code).toBe(0);
    expect(await site.file('environments/production/compose.yaml')).toContain(image);
    expect(await site.file('environments/production/environment.yml')).toContain(
      `- name: ${site.name} # the Compose project`,
    );
  });

  test('copies a writable folder only when it is told that it is configuration', async () => {
    await using site = new Site();
    const shop = join(home.path, `copy-${site.name}`);
    const service = `services:\n  web:\n    image: ${image}\n    volumes: [./conf:/conf]\n`;
    await site.write({ 'prod.yml': service, 'conf/a.conf': 'a\n' }, shop);
    const words = ['--offline', '--known-hosts', join(home.path, 'known'), '--compose', join(shop, 'prod.yml')];
    expect(await site.init(...words, '--copy', 'config')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('name one of conf'),
    });
    expect((await site.init(...words, '--copy', 'conf/')).code).toBe(0);
    expect(await site.file('environments/production/conf/a.conf')).toBe('a\n');
    expect(await site.file('environments/production/compose.yaml')).toBe(service);
  });

  test('refuses Compose files that could not be deployed, with every place', async () => {
    await using site = new Site();
    const shop = join(home.path, `bad-${site.name}`);
    const web = '    image: "shop:${TAG}"\n    env_file: ../common.env\n';
    await site.write({ 'compose.yaml': `services:\n  web:\n${web}` }, shop);
    const init = await site.init('--compose', shop, '--host-key-fingerprint', fingerprint);
    expect(init.code).toBe(2);
    expect(init.stderr).toContain(`${shop}/compose.yaml:3:18: variable \`TAG\` is not set`);
    expect(init.stderr).toContain(`${shop}/compose.yaml:4:15: \`../common.env\` leaves the repository`);
    expect(await site.files()).toEqual([]);
  });

  test('works without the host when it is told so', async () => {
    await using site = new Site();
    const init = await site.init('--offline', '--known-hosts', join(home.path, 'known'), '--port', String(host.port));
    expect(init).toMatchObject({ code: 0, stderr: '' });
    expect(await site.files()).toEqual(written);
    expect(await site.init('--offline', '--host-key-fingerprint', fingerprint)).toMatchObject({ code: 2 });
  });

  test('--json prints one result', async () => {
    await using site = new Site();
    const init = await site.init('--host-key-fingerprint', fingerprint, '--json');
    expect(init).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(init.stdout)).toMatchObject({
      kind: 'InitResult',
      written: expect.arrayContaining(written),
      committed: true,
      action: 'OWNER/gitops-coordinator/actions/deploy@v1',
      checks: expect.arrayContaining([{ subject: 'state', good: true, seen: expect.any(String), remedy: '' }]),
      plan: { outcome: 'planned', changes: 2 },
    });
  });
});
