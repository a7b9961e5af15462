import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { startLoopbackHost } from '../lab/loopback-host.ts';
import { InitLab, targetFlags, written } from './init-lab.ts';

let lab: InitLab;
beforeAll(async () => {
  lab = await InitLab.start();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

describe.concurrent('gitops init', () => {
  test('writes a repository from flags alone, commits it and plans it', async () => {
    await using site = lab.site();
    const init = await site.init('--host-key-fingerprint', lab.fingerprint, '--owner', 'example');
    expect(init).toMatchObject({ code: 0, stderr: '' });
    expect(await site.files()).toEqual(written);
    expect(await site.git('status', '--porcelain')).toBe('');
    expect(await site.git('log', '--format=%s')).toBe('Describe the environment production');
    expect(await site.file('environments/production/known_hosts')).toContain(`\n${lab.host.knownHosts}\n`);
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
    await using site = lab.site();
    await site.init('--host-key-fingerprint', lab.fingerprint);
    const file = join(site.path, 'environments/production/compose.yaml');
    const config: unknown = JSON.parse(
      await runCommand('docker', ['compose', '-f', file, 'config', '--format', 'json']),
    );
    expect(config).toMatchObject({ services: { web: { healthcheck: { test: expect.arrayContaining(['wget']) } } } });
  });

  test('refuses a host whose key has another lab.fingerprint, before it logs in', async () => {
    await using site = lab.site();
    const other = `SHA256:${'A'.repeat(43)}`;
    const init = await site.init('--host-key-fingerprint', other);
    expect(init.code).toBe(5);
    expect(init.stderr).toContain(`the host shows ssh-ed25519 ${lab.fingerprint}`);
    expect(init.stderr).toContain('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub');
    expect(init.stdout).toContain('Nothing was written.');
    expect(await site.files()).toEqual([]);
  });

  test('takes the lines of a known_hosts file, and refuses one without a line for the host', async () => {
    await using site = lab.site();
    const file = join(lab.folder, `known-${site.name}`);
    await writeFile(file, '# nobody\n');
    expect(await site.init('--known-hosts', file)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`it has no line for [127.0.0.1]:${lab.host.port}`),
    });
    expect((await site.init('--known-hosts', lab.known)).code).toBe(0);
    expect(await site.file('environments/production/known_hosts')).toContain(`\n${lab.host.knownHosts}\n`);
  });

  test('says what is to be done on a host that is not fit, and can be run again', async () => {
    await using site = lab.site();
    const flags = ['--host-key-fingerprint', lab.fingerprint, '--state-dir', '/etc/hostname/gitops'];
    const init = await site.init(...flags);
    expect(init.code).toBe(1);
    expect(init.stdout).toMatch(/MISSING \/etc\/hostname\/gitops is not there/);
    expect(init.stderr).toContain(`sudo install -d -m 0700 -o ${lab.host.user} /etc/hostname/gitops`);
    expect(await site.files()).toEqual([]);
    const again = /^ {2}node (gitops\.mjs init .*)$/m.exec(init.stdout)?.[1]?.split(' ') ?? [];
    const mended = again.slice(1).map((word) => (word === '/etc/hostname/gitops' ? lab.host.stateDir : word));
    expect(await lab.gitops(...mended)).toMatchObject({ code: 0, stderr: '' });
  });

  test('names a host on which Docker cannot be asked', async () => {
    await using site = lab.site();
    const nowhere = { DOCKER_HOST: `unix://${lab.folder}/docker.sock` };
    await using deaf = await startLoopbackHost({ environment: () => nowhere });
    const lines = join(lab.folder, `deaf-${site.name}`);
    const key = join(lab.folder, `deaf-key-${site.name}`);
    await writeFile(lines, `${deaf.knownHosts}\n`);
    await writeFile(key, deaf.privateKey, { mode: 0o600 });
    const init = await lab.gitops(
      'init',
      '-C',
      site.path,
      ...targetFlags(deaf),
      '--identity',
      key,
      '--known-hosts',
      lines,
    );
    expect(init.code).toBe(1);
    expect(init.stderr).toContain('sudo systemctl enable --now docker');
  });

  test('leaves what is there: files of its own names are named, those in the way refuse it', async () => {
    await using site = lab.site();
    await site.write({ 'README.md': '# mine\n', '.gitignore': 'node_modules\n' });
    const init = await site.init('--host-key-fingerprint', lab.fingerprint);
    expect(init.code).toBe(0);
    expect(init.stdout).toContain('left     README.md, which is there already');
    expect(await site.file('README.md')).toBe('# mine\n');
    expect(await site.file('.gitignore')).toBe('node_modules\n');

    const again = await site.init('--host-key-fingerprint', lab.fingerprint);
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('is there environments/production/environment.yml');

    const other = await site.init('--host-key-fingerprint', lab.fingerprint, '--project', 'other');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('environments/production/environment.yml already there with other content');
    const renamed = await site.init('--host-key-fingerprint', lab.fingerprint, '--name', 'other');
    expect(renamed).toMatchObject({ code: 2, stderr: expect.stringContaining(`gitops.yml says \`${site.name}\``) });
  });

  test('adds to a repository that has commits, and commits only when it is told to', async () => {
    await using site = lab.site();
    await site.write({ 'notes.txt': 'mine\n' });
    await site.git('init', '--quiet', '--initial-branch', 'trunk');
    await site.git('add', '--all');
    await site.git('commit', '--quiet', '--message', 'first');
    const init = await site.init('--host-key-fingerprint', lab.fingerprint);
    expect(init.code).toBe(0);
    expect(init.stdout).toContain('They are not committed yet.');
    expect(init.stdout).toMatch(/Next:\n {2}cd .*\n {2}git add gitops.yml .* && git commit -m /);
    expect(init.stdout).toMatch(
      /Unless .* `origin` is yours, and private:\n {2}git remote remove origin\n {2}gh repo create .* --private .*\nThen:\n {2}gh secret set DEPLOY_KEY .*\n {2}git push -u origin trunk\n/,
    );
    expect(init.stdout).toContain('📋 Planned');
    expect(await site.file('.github/workflows/deploy.yml')).toContain('branches: [trunk]');
    expect(await site.git('log', '--format=%s')).toBe('first');
    await site.write({ 'staged.txt': 'mine\n' });
    await site.git('add', 'staged.txt');
    expect((await site.init('--host-key-fingerprint', lab.fingerprint, '--commit')).code).toBe(0);
    expect(await site.git('status', '--porcelain')).toBe('A  staged.txt');
  });

  test('says how to tell git who commits where it does not know', async () => {
    await using site = lab.site();
    await mkdir(site.path);
    await site.git('init', '--quiet');
    await site.git('config', 'user.name', '');
    const init = await site.init('--host-key-fingerprint', lab.fingerprint);
    expect(init.code).toBe(0);
    expect(await site.files()).toEqual(written);
    expect(init.stdout).toContain(
      "not committed: git does not know who you are. Tell it first:\n  git config --global user.name 'Your Name'\n  git config --global user.email you@example.com\n",
    );
    expect(init.stdout).not.toContain('git status');
    expect(init.stdout).toMatch(/Next:\n {2}cd .*\n {2}git add gitops.yml .* && git commit -m /);
  });

  test('works without the host when it is told so', async () => {
    await using site = lab.site();
    const init = await site.init('--offline', '--known-hosts', lab.known, '--port', String(lab.host.port));
    expect(init).toMatchObject({ code: 0, stderr: '' });
    expect(await site.files()).toEqual(written);
    expect(await site.init('--offline', '--host-key-fingerprint', lab.fingerprint)).toMatchObject({ code: 2 });
  });

  test('--json prints one result', async () => {
    await using site = lab.site();
    const init = await site.init('--host-key-fingerprint', lab.fingerprint, '--json');
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
