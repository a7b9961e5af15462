import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encryptSops } from '@gitops/secrets';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeGitHub, startFakeGitHub } from '../github/fake-github.ts';
import { openPull } from '../github/pull-stories.ts';
import { type ActionResult, startAction } from '../lab/action-runner.ts';
import { type DeploymentLab, environmentFile, startDeploymentLab } from '../lab/deployment-lab.ts';
import { healthyImage } from '../lab/image-kinds.ts';
import { removeImages } from '../lab/images.ts';

const action = join(import.meta.dirname, '..', '..', 'actions', 'validate-config');
let before: string;
let after: string;

beforeAll(async () => {
  const [one, two] = await Promise.all([healthyImage('before', 'before'), healthyImage('after', 'after')]);
  before = compose(one.reference);
  after = compose(two.reference);
});

afterAll(removeImages);

function compose(image: string): string {
  return `services:\n  web:\n    image: ${image}\n    restart: unless-stopped\n`;
}

interface Scene extends AsyncDisposable {
  readonly lab: DeploymentLab;
  readonly github: FakeGitHub;
  /** Validates the checked-out commit as that of the pull request. */
  validate(inputs?: Readonly<Record<string, string>>, token?: string): Promise<ActionResult>;
  comments(): readonly string[];
  /** From now on the pull request is to be merged into this commit. */
  mergeInto(commit: string): void;
}

/** A host that runs the base branch, and a pull request whose commits come next. */
async function scene(files: Readonly<Record<string, string>> = {}, environment = ''): Promise<Scene> {
  const github = await startFakeGitHub();
  const lab = await startDeploymentLab({ files: { 'compose.yaml': before, ...files } });
  const health = '  deadline: 60s\n  stability: 500ms\n';
  let base = await lab.commit({
    'environment.yml': environmentFile(lab.host, health) + environment.replace('PROJECT', lab.project),
  });
  const pull = openPull(github.state, 'anna');
  const repo = { full_name: github.state.fullName };
  const pullRequest = async () => ({
    number: pull.number,
    base: { sha: base, ref: 'main', repo },
    head: { sha: (await lab.repository.git('rev-parse', 'HEAD')).trim(), ref: 'topic', repo },
  });
  return {
    lab,
    github,
    validate: async (inputs = {}, token = github.token()) => {
      const { done } = startAction(action, {
        workspace: lab.repository.path,
        inputs: { 'target-checks': 'true', 'ssh-private-key': lab.host.privateKey, ...inputs },
        event: { pull_request: await pullRequest() },
        context: { apiUrl: github.url, repository: github.state.fullName, eventName: 'pull_request_target' },
        token,
      });
      return done;
    },
    mergeInto: (commit) => {
      base = commit;
    },
    comments: () => github.state.comments.map(({ body }) => body),
    async [Symbol.asyncDispose]() {
      await lab[Symbol.asyncDispose]();
      await github[Symbol.asyncDispose]();
    },
  };
}

test('one comment says what merging would do to the host, and is kept up to date', async () => {
  await using it = await scene();
  await it.lab.deploy();
  await it.lab.commit({ 'compose.yaml': after });
  const first = await it.validate();
  expect(first.outputs, first.log).toMatchObject({ errors: '0', changes: '1' });
  expect(it.comments()).toEqual([expect.stringContaining('1 service recreated in lab')]);
  expect(it.comments()[0]).toContain('changed: image');
  await it.lab.commit({ 'compose.yaml': before });
  await it.validate();
  expect(it.comments()).toEqual([expect.stringMatching(/✅ Plan: nothing in lab/)]);
  const ids = await it.lab.ids();
  await it.lab.commit({ 'compose.yaml': after });
  await it.validate();
  expect(await it.lab.ids(), 'a plan changes nothing').toEqual(ids);
});

test('the plan hash of the comment lets exactly that plan through', async () => {
  await using it = await scene();
  await it.lab.deploy();
  await it.lab.commit({ 'compose.yaml': after });
  await it.validate();
  const hash = /plan-hash: ([0-9a-f]{32})/.exec(it.comments()[0] ?? '')?.[1] ?? '';
  await it.lab.commit({ 'compose.yaml': `${after}    environment: { MORE: "1" }\n` });
  expect((await it.lab.deploy({ 'plan-hash': hash })).outputs).toMatchObject({ outcome: 'refused' });
  await it.lab.commit({ 'compose.yaml': after });
  expect((await it.lab.deploy({ 'plan-hash': hash })).outputs).toMatchObject({ outcome: 'deployed' });
});

test('what somebody changed on the host stands apart from what the pull request changes', async () => {
  await using it = await scene({
    'compose.yaml': `${before}  other:\n    image: ${before.split('image: ')[1]?.split('\n')[0]}\n`,
  });
  await it.lab.deploy();
  const other = (await it.lab.containers()).get('other')?.id ?? '';
  await it.lab.host.run(['docker', 'stop', '--time', '0', other]);
  await it.lab.commit({ 'note.txt': 'nothing that runs' });
  await it.validate();
  expect(it.comments()[0]).toContain('Already different from git');
});

test('a token that may only read leaves the plan in the job summary', async () => {
  await using it = await scene();
  await it.lab.deploy();
  await it.lab.commit({ 'compose.yaml': after });
  const result = await it.validate({}, it.github.token('read-only'));
  expect([result.exitCode, it.comments()]).toEqual([0, []]);
  expect(result.summary).toContain('1 service recreated in lab');
  expect(result.annotations.map(({ level, message }) => [level, message])).toContainEqual([
    'notice',
    expect.stringContaining('the token may not write there'),
  ]);
});

test('a host that does not answer is unknown, and the files are compared with the base commit', async () => {
  await using it = await scene();
  await it.lab.deploy();
  await it.lab.commit({ 'compose.yaml': after });
  await it.lab.host.stop();
  const result = await it.validate();
  expect(result.exitCode).toBe(1);
  const [comment] = it.comments();
  expect(comment).toMatch(/❓ Plan: unknown in lab/);
  expect(comment).toContain('image');
  expect(result.annotations.map(({ title }) => title)).toContain('host/unreadable');
});

test('a pull request that begins before the base branch moved a host does not bring the old one back', async () => {
  await using it = await scene();
  const { repository } = it.lab;
  const before = (await repository.git('rev-parse', 'HEAD')).trim();
  const path = 'environments/lab/environment.yml';
  const text = await readFile(join(repository.path, path), 'utf8');
  await repository.write({ [path]: text.replace(/host: .*/, 'host: moved.example.com') });
  it.mergeInto(await repository.commit('the host moves'));
  await repository.git('switch', '--quiet', '--create', 'topic', before);
  await it.lab.commit({ 'compose.yaml': after });
  const result = await it.validate();
  expect(result.annotations.map(({ title }) => title)).toContain('host/not-asked');
  expect(it.comments()[0]).toContain('unknown in lab');
});

test("a commit that can't be validated leaves no plan of an earlier one behind", async () => {
  await using it = await scene();
  await it.lab.commit({ 'compose.yaml': after });
  await it.validate();
  await it.validate({ 'working-directory': 'nowhere' });
  expect(it.comments()).toEqual([expect.stringContaining('❓ Plan: not made')]);
});

test('variables are told by name alone, also those that are encrypted', async () => {
  const identity = await generateX25519Identity();
  const encrypted = async (text: string) =>
    encryptSops(Buffer.from(text), { format: 'dotenv', recipients: [await identityToRecipient(identity)] });
  const stacks = 'stacks:\n  - name: PROJECT\n    secrets: .env.encrypted\n';
  const web = `${before}    environment: { SHOP_SETTING: "\${SHOP_SETTING}" }\n`;
  await using it = await scene(
    { 'compose.yaml': web, '.env.encrypted': await encrypted('SHOP_SETTING=planted before\n') },
    stacks,
  );
  expect((await it.lab.deploy({ 'sops-age-key': identity })).outputs).toMatchObject({ outcome: 'deployed' });
  await it.lab.commit({ '.env.encrypted': await encrypted('SHOP_SETTING=planted after\n') });
  const unknown = await it.validate();
  expect(it.comments()[0]).toContain('unknown in lab');
  const result = await it.validate({ 'sops-age-key': identity });
  const [comment = ''] = it.comments();
  expect(comment).toContain('SHOP_SETTING');
  const shown = [unknown, result].map(({ rawLog, summary }) => rawLog.replaceAll(/^::add-mask::.*$/gm, '') + summary);
  const file = await readFile(result.outputs['result'] ?? '', 'utf8');
  for (const text of [comment, file, ...shown]) expect(text).not.toMatch(/planted (?:before|after)/);
});
