import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type FakeGitHub, startFakeGitHub } from '../github/fake-github.ts';
import { unavailable } from '../github/faults.ts';
import { merge, openPull, review } from '../github/pull-stories.ts';
import { CommandLine, type CommandLineResult } from '../lab/command-line.ts';
import { type DeploymentLab, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

const [one, two, three] = await Promise.all(['one', 'two', 'three'].map((name) => healthyImage(name, name)));

afterAll(removeImages);

const REASON = 'the shop is down, ben is asleep';

interface Scene extends AsyncDisposable {
  readonly lab: DeploymentLab;
  readonly github: FakeGitHub;
  /** Commits what runs this image, as a pull request that ben approved. Gives its number. */
  approved(image: string, more?: Readonly<Record<string, string>>): Promise<number>;
  /** Commits it to `main` as if nobody had to agree. */
  pushed(image: string, more?: Readonly<Record<string, string>>): Promise<void>;
  /** Takes the newest commit off `main`. */
  takenOff(): Promise<void>;
  /** `environment.yml` without the rule. */
  lifted(): Promise<Readonly<Record<string, string>>>;
  deploy(inputs?: Readonly<Record<string, string>>, token?: string): ReturnType<DeploymentLab['deploy']>;
  gitops(
    command: string,
    env: Readonly<Record<string, string>>,
    ...options: readonly string[]
  ): Promise<CommandLineResult>;
  image(): Promise<string>;
  audit(): Promise<string>;
}

/** A repository on GitHub that requires approvals for its environment, and a host where nothing was deployed yet. */
async function scene(): Promise<Scene> {
  const github = await startFakeGitHub();
  const lab = await startDeploymentLab({ files: compose('') });
  github.state.member('ben', 'write');
  await lab.repository.git('remote', 'add', 'origin', 'git@github.com:example/infrastructure.git');
  const path = join(lab.repository.path, 'environments/lab/environment.yml');
  await lab.commit({ 'environment.yml': `${await readFile(path, 'utf8')}branch: main\napprovals: required\n` });
  const context = { apiUrl: github.url, repository: github.state.fullName };
  return {
    lab,
    github,
    approved: async (image, more = {}) => {
      const sha = await lab.commit({ ...compose(image), ...more });
      const pull = openPull(github.state, 'anna');
      review(github.state, pull, 'ben', 'APPROVED');
      merge(github.state, pull, 'squash', sha);
      return pull.number;
    },
    pushed: async (image, more = {}) => {
      github.state.commit({ sha: await lab.commit({ ...compose(image), ...more }) });
    },
    takenOff: async () => {
      await lab.repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    },
    lifted: async () => ({ 'environment.yml': (await readFile(path, 'utf8')).replace('approvals: required\n', '') }),
    deploy: (inputs = {}, token = github.token()) => lab.start(inputs, { token, context }).done,
    gitops: (command, env, ...options) => onCommandLine(lab, command, { GITHUB_API_URL: github.url, ...env }, options),
    image: async () => (await lab.containers()).get('web')?.image ?? '',
    audit: async () => (await lab.gitops('audit show')).stdout,
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
    },
  };
}

function compose(image: string): Readonly<Record<string, string>> {
  return { 'compose.yaml': `services:\n  web:\n    image: ${image || one?.reference}\n` };
}

async function onCommandLine(
  lab: DeploymentLab,
  command: string,
  env: Readonly<Record<string, string>>,
  options: readonly string[],
): Promise<CommandLineResult> {
  await using commandLine = await CommandLine.create(env);
  const identity = await commandLine.identity('key', lab.host.privateKey);
  return await commandLine.run(command, 'lab', '--directory', lab.repository.path, '--identity', identity, ...options);
}

test.concurrent('an environment that requires approvals runs what was approved, and on record what was not', async () => {
  await using s = await scene();
  const number = await s.approved(one?.reference ?? '');
  const first = await s.deploy();
  expect(first.outputs, first.log).toMatchObject({ outcome: 'deployed' });
  expect(first.log).toContain(`is approved: pull request ${number}, by ben.`);
  expect(await s.audit()).toContain(`, approved in pull request ${number} by ben`);

  const before = s.github.log.length;
  expect((await s.deploy()).outputs['outcome']).toBe('unchanged');
  expect(s.github.log).toHaveLength(before);

  await s.pushed(two?.reference ?? '');
  const planned = await s.deploy({ mode: 'plan' });
  expect(planned).toMatchObject({ exitCode: 0, outputs: { outcome: 'planned', changes: '1' } });
  expect(planned.annotations).toContainEqual(
    expect.objectContaining({ level: 'warning', message: expect.stringContaining('lab requires approvals') }),
  );
  const refused = await s.deploy();
  expect(refused).toMatchObject({ exitCode: 1, outputs: { outcome: 'refused', changes: '1' } });
  expect(refused.summary).toContain('no pull request that was merged into main has it');
  expect(await s.image()).toBe(one?.id);

  const urgent = await s.deploy({ 'break-glass': REASON });
  expect(urgent.outputs, urgent.log).toMatchObject({ outcome: 'deployed' });
  expect(urgent.annotations).toContainEqual(
    expect.objectContaining({
      level: 'warning',
      message: expect.stringMatching(/^Break-glass: commit \w{7} is deployed to lab/),
    }),
  );
  expect(await s.audit()).toContain(`, without an approval (break-glass: ${REASON})`);
  expect(await s.image()).toBe(two?.id);
});

test.concurrent('an approval that can not be asked for is none', async () => {
  await using s = await scene();
  await s.approved(one?.reference ?? '');
  const without = await s.deploy({ 'github-token': '' });
  expect(without.outputs['outcome']).toBe('refused');
  expect(without.log).toContain('`github-token` with `pull-requests: read`');

  const token = s.github.token({ metadata: 'read', contents: 'read' });
  const lacking = await s.deploy({}, token);
  expect(lacking).toMatchObject({ exitCode: 1, outputs: { outcome: 'failed-before-change' } });
  expect(lacking.log).toContain('`pull-requests: read, contents: read` to `permissions:` of the job');
  expect(lacking.log).not.toContain(token);
  expect(lacking.masks).toContain(token);

  s.github.queueFault({ ...unavailable(), path: /\/reviews$/, times: 4 });
  const down = await s.deploy();
  expect(down.outputs, down.log).toMatchObject({ outcome: 'failed-before-change' });
  expect(down.log).toContain('GitHub answered 502');
  expect((await s.lab.containers()).size).toBe(0);
});

test.concurrent('a commit can not lift the rule for itself', async () => {
  await using s = await scene();
  await s.approved(one?.reference ?? '');
  expect((await s.deploy()).outputs['outcome']).toBe('deployed');
  const without = await s.lifted();
  await s.pushed(two?.reference ?? '', without);
  expect((await s.deploy()).outputs['outcome']).toBe('refused');
  await s.takenOff();
  await s.approved(two?.reference ?? '', without);
  expect((await s.deploy()).outputs['outcome']).toBe('deployed');
  await s.pushed(three?.reference ?? '');
  expect((await s.deploy()).outputs['outcome']).toBe('deployed');
});

test.concurrent('nor by going where nothing of the repository is recorded', async () => {
  await using s = await scene();
  await s.approved(one?.reference ?? '');
  expect((await s.deploy()).outputs['outcome']).toBe('deployed');
  const path = join(s.lab.repository.path, 'gitops.yml');
  await writeFile(path, (await readFile(path, 'utf8')).replace(/^name: .*$/m, '$&-elsewhere'));
  await s.pushed(two?.reference ?? '', await s.lifted());
  const refused = await s.deploy();
  expect(refused.outputs, refused.log).toMatchObject({ outcome: 'refused' });
  expect(refused.log).toContain('lab requires approvals');
});

test.concurrent('what was pushed and refused does not come with the next approved commit', async () => {
  await using s = await scene();
  await s.approved(one?.reference ?? '');
  expect((await s.deploy()).outputs['outcome']).toBe('deployed');
  await s.pushed(two?.reference ?? '');
  const pushed = (await s.lab.repository.git('rev-parse', 'HEAD')).slice(0, 7);
  await s.approved(two?.reference ?? '', { 'notes.txt': 'approved' });
  const refused = await s.deploy();
  expect(refused.outputs, refused.log).toMatchObject({ outcome: 'refused' });
  expect(refused.log).toContain(`commit ${pushed}, which comes with it, is not approved`);
  await s.takenOff();
  await s.takenOff();
  await s.approved(one?.reference ?? '', { 'notes.txt': 'approved' });
  await s.approved(two?.reference ?? '');
  const deployed = await s.deploy();
  expect(deployed.outputs, deployed.log).toMatchObject({ outcome: 'deployed' });
  expect(await s.audit()).toContain('by ben with 1 approved commit before it');
});

test.concurrent('the command line asks as the person at it, and takes a reason in its place', async () => {
  await using s = await scene();
  const env = { GITHUB_TOKEN: s.github.token(undefined, 'anna') };
  await s.pushed(one?.reference ?? '');
  const without = await s.gitops('deploy', {});
  expect(without).toMatchObject({ code: 4 });
  expect(without.stdout).toContain('set GITHUB_TOKEN');
  const refused = await s.gitops('deploy', env);
  expect(refused).toMatchObject({ code: 4 });
  expect(refused.stdout).toContain('no pull request that was merged into main has it');
  const number = await s.approved(one?.reference ?? '');
  const approved = await s.gitops('deploy', env);
  expect(approved, approved.stdout).toMatchObject({ code: 0 });
  await s.pushed(two?.reference ?? '');
  const urgent = await s.gitops('deploy', {}, '--break-glass', REASON);
  expect(urgent, urgent.stdout).toMatchObject({ code: 0 });
  expect(await s.audit()).toMatch(new RegExp(`approved in pull request ${number} by ben[^]*break-glass: ${REASON}`));
});
