import { randomBytes } from 'node:crypto';
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCommand } from '../lab/command.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { startLoopbackHost } from '../lab/loopback-host.ts';
import { removeProject } from '../lab/project.ts';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';

const root = join(import.meta.dirname, '../..');
const guide = await readFile(join(root, 'docs', 'getting-started.md'), 'utf8');

afterAll(removeImages);

/** The command blocks of the sections whose headings begin so. */
function blocks(...headings: readonly string[]): string {
  return headings
    .map((heading) => [...section(heading).matchAll(/^```sh\n(.*?)^```/gms)].map(([, text]) => text).join(''))
    .join('');
}

function section(heading: string): string {
  const [, text] = guide.split(`\n## ${heading}`);
  if (text === undefined) throw new Error(`the guide has no section ${heading}`);
  return text.split('\n## ')[0] ?? '';
}

/** A person with a login on the host, whose own machine has git, ssh and Node. */
interface Reader {
  readonly home: string;
  readonly host: LabHost;
  readonly project: string;
}

/** The first block with this reader's values, as the guide asks for. */
function values({ host, home, project }: Reader): string {
  const own = { OWNER: 'example', HOST: host.host, PORT: host.port, SSH_USER: host.user, STATE_DIR: host.stateDir };
  const all = Object.entries({ ...own, PROJECT_DIR: join(home, 'host', project) });
  return all.reduce((text, [name, value]) => {
    const line = new RegExp(`^${name}=\\S+`, 'm');
    expect(text).toMatch(line);
    return text.replace(line, `${name}=${value}`);
  }, blocks('1. '));
}

/** What the lab lacks: the login that a reader has already, `sudo`, GitHub, and a host key in its usual place. */
async function standIns(home: string, host: LabHost): Promise<void> {
  const [folder, flags] = [host.directory, host.sshArguments.slice(0, -1).map((word) => `'${word}'`)];
  const programs = {
    sudo: 'exec "$@"',
    ssh: `exec /usr/bin/ssh ${flags.join(' ')} "$@"`,
    gh: 'echo "$*" >>"$HOME/gh.log"; case "$*" in "repo create"*) git remote add origin "$HOME/remote.git" ;; *) wc -c >>"$HOME/gh.log" ;; esac',
    'ssh-keygen': `case "$*" in *' /etc/ssh/'*) exec /usr/bin/ssh-keygen -lf '${folder}/host.pub' ;; esac; exec /usr/bin/ssh-keygen "$@"`,
  };
  await mkdir(join(home, 'bin'));
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(home, 'bin', name), `#!/bin/sh\n${text}\n`);
    await chmod(join(home, 'bin', name), 0o755);
  }
  await mkdir(join(home, '.ssh'), { mode: 0o700 });
  await symlink(join(folder, 'authorized_keys'), join(home, '.ssh', 'authorized_keys'));
}

/** What the guide uses of this repository, and what is in its way there. */
const PUBLISHED = [
  'dist/gitops.mjs',
  'actions/deploy/action.yml',
  'README.md',
  '.gitignore',
  'gitops.yml',
  'environments/production/environment.yml',
  'environments/production/known_hosts',
  '.github/workflows/deploy.yml',
];

/** A repository with that, at the address that the guide names. */
async function publish(home: string, env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const published = join(home, 'github', 'gitops-coordinator.git');
  for (const path of PUBLISHED) {
    await mkdir(dirname(join(published, path)), { recursive: true });
    await copyFile(join(root, path), join(published, path));
  }
  const git = (...words: readonly string[]) => runCommand('git', words, { cwd: published, env });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('add', '--all', '--force');
  await git('commit', '--quiet', '--message', 'Publish');
  await git('init', '--quiet', '--bare', join(home, 'remote.git'));
}

/** Runs commands in one shell and returns all that was shown; an error holds it too. */
async function paste(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const kept = `exec 3>&2 >'${cwd}/shown' 2>&1\ntrap 'tail -n 40 ${cwd}/shown >&3' EXIT\n`;
  await runCommand('bash', ['-c', `set -eu\n${kept}${script}`], { env, cwd });
  return readFile(join(cwd, 'shown'), 'utf8');
}

describe.concurrent('docs/getting-started.md, pasted block by block', () => {
  test.each([
    ['A', 'For **A**', 'uses: ./actions/deploy\n'],
    ['B', 'for **B**', 'uses: example/gitops-coordinator/actions/deploy@v1\n'],
  ])('way %s ends with a deployed project', async (way, gitHubPart, uses) => {
    await using directory = await createTemporaryDirectory('guide');
    const home = directory.path;
    const path = `${home}/bin:${dirname(process.execPath)}:${process.env['PATH']}`;
    await using host = await startLoopbackHost({ environment: () => ({ HOME: home, PATH: path }) });
    const project = `shop${randomBytes(4).toString('hex')}`;
    const env = { PATH: path, HOME: home };
    await writeFile(
      join(home, '.gitconfig'),
      `[user]\nname = Lab\nemail = lab@example.com\n[url "${home}/github/"]\ninsteadOf = https://github.com/example/\n`,
    );
    await standIns(home, host);
    await publish(home, env);
    const folder = join(home, 'host', project);
    await mkdir(join(folder, 'data'), { recursive: true });
    const { reference } = await healthyImage('guide');
    const compose = `services:\n  web:\n    image: ${reference}\n    env_file: app.env\n    volumes: [./site:/site:ro]\n`;
    await mkdir(join(folder, 'site'));
    await writeFile(join(folder, 'site', 'index.html'), 'hello\n');
    await writeFile(join(folder, 'compose.yaml'), compose);
    await writeFile(join(folder, 'app.env'), 'TOKEN=correct-horse\n');
    await runCommand('docker', ['compose', '--project-directory', folder, 'up', '--detach']);
    try {
      const onGitHub = section('7. ').split(gitHubPart)[1] ?? '';
      const [, push = ''] = /^```sh\n(.*?)^```/ms.exec(onGitHub) ?? [];
      const reader = { home, host, project };
      const script = `${values(reader)}${blocks('2. ', '3. ', '4. ', `5${way}. `, '6. ')}${push}`;
      const shown = await paste(script, home, env);
      expect(shown).toContain('deploy with --adopt');
      expect(shown).toContain('✅ Deployed');
      expect(shown).toContain('web: healthy');
      expect(shown).not.toContain('correct-horse');
      const pushed = await runCommand('git', ['-C', join(home, 'remote.git'), 'ls-tree', '-r', '--name-only', 'main']);
      expect(pushed).toContain('environments/production/compose.yaml');
      expect(pushed).toContain('environments/production/site/index.html');
      expect(pushed).not.toContain('app.env');
      expect(await readFile(join(home, 'gitops/infra/.github/workflows/deploy.yml'), 'utf8')).toContain(uses);
      expect(await readFile(join(home, 'gh.log'), 'utf8')).toMatch(/^secret set DEPLOY_KEY\n[1-9]/m);
    } finally {
      await removeProject(project);
    }
  });
});
