import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTerminal } from '../lab/terminal.ts';
import { InitLab, written } from './init-lab.ts';

let lab: InitLab;
beforeAll(async () => {
  lab = await InitLab.start();
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
});

describe.concurrent('gitops init', () => {
  test('asks on a terminal, shows the host key, and asks again for what will not do', async () => {
    await using site = lab.site();
    const words = [process.execPath, lab.program, 'init', '-C', site.path, '--identity', lab.identity];
    await using terminal = openTerminal(words, { cwd: lab.folder, env: lab.env });
    const answer = async (question: string, line: string) => {
      await terminal.waitFor(question);
      terminal.type(line);
    };
    await answer(`Name of the repository [${site.name}]: `, '');
    await answer('Name of the environment [production]: ', 'Not A Name');
    await answer('→ use lower-case letters', 'production');
    await answer('Docker host (name or address): ', lab.host.host);
    await answer('Port of its SSH server [22]: ', String(lab.host.port));
    await answer('SSH user on the host: ', lab.host.user);
    await answer('Folder for releases on the host [/var/lib/gitops]: ', lab.host.stateDir);
    await answer('Existing Compose file', '');
    await answer('Name of the Compose project', '');
    await answer('Folder of the Compose file', '');
    await answer('Account on GitHub', '');
    await terminal.waitFor(lab.fingerprint);
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
    await using site = lab.site();
    const words = [
      process.execPath,
      lab.program,
      'init',
      '-C',
      site.path,
      '--offline',
      '--known-hosts',
      'known',
      '--no-commit',
    ];
    await using terminal = openTerminal(words, { cwd: lab.folder, env: lab.env });
    await terminal.waitFor('Name of the repository');
    terminal.type(
      ['shop', 'staging', lab.host.host, String(lab.host.port), lab.host.user, '', '', '', 'app', ''].join('\r'),
    );
    await terminal.waitFor('Next:');
    expect(await terminal.done).toBe(0);
    expect(await site.files()).toContain('environments/staging/app/compose.yaml');
    const environment = await site.file('environments/staging/environment.yml');
    expect(environment).toContain('- name: shop-staging # the Compose project\n    path: app ');
  });

  test('--yes accepts no host key: a person who says no ends it, with the answers kept', async () => {
    await using site = lab.site();
    const words = [process.execPath, lab.program, 'init', ...site.flags, '--yes'];
    await using terminal = openTerminal(words, { cwd: lab.folder, env: lab.env });
    await terminal.waitFor('Are they the same? [yes/no] ');
    terminal.type('no');
    await terminal.waitFor('Nothing was written. To go on from here:');
    await terminal.waitFor(`--name ${site.name}`);
    expect(await terminal.done).toBe(1);
    expect(await site.files()).toEqual([]);
  });

  test('ends at Ctrl-C without writing', async () => {
    await using site = lab.site();
    const words = [process.execPath, lab.program, 'init', '-C', site.path];
    await using terminal = openTerminal(words, { cwd: lab.folder, env: lab.env });
    await terminal.waitFor('Name of the repository');
    terminal.type('\u0003');
    await terminal.waitFor('the questions were ended');
    expect(await terminal.done).toBe(1);
    expect(await site.files()).toEqual([]);
  });

  test('never asks without a terminal and names every flag that is missing', async () => {
    await using site = lab.site();
    const init = await lab.gitops('init', '-C', site.path, '--yes');
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
    const init = await lab.gitops('init', '-C', join(lab.folder, 'unwritten'), ...words);
    expect(init.code).toBe(2);
    expect(init.stderr).toContain(says);
  });
});
