import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { ValidationResultFile } from '@gitops/core';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { type ActionOptions, type ActionResult, startAction } from '../lab/action-runner.ts';
import { runCommand } from '../lab/command.ts';
import { CommandLine } from '../lab/command-line.ts';
import { createRepository, type TestRepository } from '../lab/git-repository.ts';
import { plant } from '../lab/planted.ts';

const action = join(import.meta.dirname, '..', '..', 'actions', 'validate-config');

const environmentYml = `apiVersion: gitops/v1
targets:
  docker: { kind: docker, host: docker.example.com, user: gitops }
stacks:
  - name: shop
`;

const goodCompose = `services:
  web:
    image: registry.example.com/web:1.2.3
    restart: unless-stopped
    healthcheck: { test: [CMD, "true"] }
`;

function repository(files: Readonly<Record<string, string>> = {}): Promise<TestRepository> {
  return createRepository({
    'gitops.yml': 'apiVersion: gitops/v1\nname: infra\n',
    'environments/lab/environment.yml': environmentYml,
    'environments/lab/compose.yaml': goodCompose,
    ...files,
  });
}

function validate(
  { path }: TestRepository,
  inputs: Readonly<Record<string, string>> = {},
  options: ActionOptions = {},
): Promise<ActionResult> {
  return startAction(action, { workspace: path, ...options, inputs }).done;
}

async function resultOf({ outputs }: ActionResult): Promise<ValidationResultFile> {
  return v.parse(ValidationResultFile, JSON.parse(await readFile(outputs['result'] ?? '', 'utf8')));
}

describe.concurrent('validate-config', () => {
  test('passes a repository that is in order', async () => {
    await using repo = await repository();
    const result = await validate(repo);
    expect(result.outputs, result.log).toMatchObject({ errors: '0', warnings: '0', changes: '0' });
    expect([result.exitCode, result.annotations, result.summary]).toEqual([
      0,
      [],
      expect.stringContaining('no findings'),
    ]);
  });

  test('shows each fault of every environment at its place, in every form', async () => {
    await using repo = await repository({
      'environments/lab/compose.yaml': 'services:\n  web:\n    imge: nginx\n    ports: ["80:80"]\n',
      'environments/other/environment.yml': environmentYml.replace('host:', 'hots:'),
    });
    const result = await validate(repo);
    expect(result.exitCode).toBe(1);
    const places = result.annotations.map(({ level, file, line, column, title }) => [level, file, line, column, title]);
    expect(places).toContainEqual(['error', 'environments/lab/compose.yaml', 3, 5, 'compose/unknown-key']);
    expect(places).toContainEqual(['error', 'environments/other/environment.yml', 3, 27, 'config/unknown-key']);
    const { findings, errors } = await resultOf(result);
    expect(String(errors)).toBe(result.outputs['errors']);
    expect(findings.map(({ rule }) => rule)).toContain('compose/unknown-key');
    expect(result.summary).toContain('**environments/lab/compose.yaml**');
    expect(result.summary).toContain('- 3:5 unknown key');
    const log = JSON.parse(await readFile(result.outputs['sarif'] ?? '', 'utf8'));
    expect(log.runs[0].results).toHaveLength(findings.length);
  });

  test('loses no finding to the ten that GitHub shows', async () => {
    const services = Array.from({ length: 14 }, (_, index) => `  s${index}: { imge: x }\n`).join('');
    await using repo = await repository({ 'environments/lab/compose.yaml': `services:\n${services}` });
    const result = await validate(repo);
    expect(result.droppedAnnotations).toBe(0);
    const shown = result.annotations.map(({ message }) => message).join('\n');
    for (let line = 2; line < 16; line++) {
      const own = result.annotations.some((each) => each.line === line);
      expect(own || shown.includes(`environments/lab/compose.yaml:${line}:`), `line ${line}`).toBe(true);
    }
  });

  test('fails for warnings only when it is told to', async () => {
    await using repo = await repository({
      'environments/lab/compose.yaml': goodCompose.replace(':1.2.3', ''),
    });
    expect((await validate(repo)).exitCode).toBe(0);
    const strict = await validate(repo, { 'fail-on': 'warning' });
    expect([strict.exitCode, strict.outputs['warnings']]).toEqual([1, '1']);
  });

  test('takes the levels of rules from gitops.yml', async () => {
    await using repo = await repository({
      'gitops.yml': 'apiVersion: gitops/v1\nname: infra\nrules:\n  compose/untagged-image: error\n',
      'environments/lab/compose.yaml': goodCompose.replace(':1.2.3', ''),
    });
    const result = await validate(repo);
    expect([result.exitCode, result.outputs['errors']]).toEqual([1, '1']);
  });

  test('places annotations from the root of the work tree, wherever gitops.yml lies', async () => {
    await using repo = await createRepository({
      'infra/gitops.yml': 'apiVersion: gitops/v1\nname: infra\n',
      'infra/environments/lab/environment.yml': environmentYml,
      'infra/environments/lab/compose.yaml': 'services: { web: { imge: x } }\n',
    });
    const result = await validate(repo, { 'working-directory': 'infra' });
    expect(result.annotations[0]).toMatchObject({ file: 'infra/environments/lab/compose.yaml', line: 1 });
  });

  test('judges what a pull request changes against the commit it is to be merged into', async () => {
    await using repo = await repository({
      'environments/lab/compose.yaml': `${goodCompose}    volumes: [data:/data]\nvolumes:\n  data: { driver: local }\n`,
    });
    const sha = (await repo.git('rev-parse', 'HEAD')).trim();
    await repo.write({
      'environments/lab/compose.yaml': `${goodCompose}    volumes: [data:/data]\nvolumes:\n  data: { name: elsewhere }\n`,
    });
    await repo.commit('move the data');
    const own = { full_name: 'example/infrastructure' };
    const [base, head] = [
      { sha, ref: 'main', repo: own },
      { sha: 'f'.repeat(40), ref: 'topic', repo: own },
    ];
    const event = { pull_request: { number: 1, base, head } };
    const result = await validate(repo, {}, { event });
    const { findings } = await resultOf(result);
    expect(findings.map(({ rule }) => rule)).toContain('compose/data-left-behind');
  });

  test.each([
    ['target-checks', 'maybe', 'use one of: false, true'],
    ['fail-on', 'info', 'use one of: error, warning'],
  ])('explains a wrong %s', async (input, value, remedy) => {
    await using repo = await repository();
    const result = await validate(repo, { [input]: value });
    expect([result.exitCode, result.log]).toEqual([1, expect.stringContaining(remedy)]);
  });

  test('says that a key is needed for target-checks', async () => {
    await using repo = await repository();
    const result = await validate(repo, { 'target-checks': 'true' });
    expect([result.exitCode, result.log]).toEqual([1, expect.stringContaining('`ssh-private-key`')]);
    expect((await resultOf(result)).error?.code).toBe('input');
    expect(result.summary).toContain('❌ Not validated');
  });
});

describe.concurrent('gitops validate', () => {
  test('prints each finding with its place and rule, and exits with 2', async () => {
    await using repo = await repository({ 'environments/lab/compose.yaml': 'services: { web: { imge: x } }\n' });
    await using cli = await CommandLine.create();
    const { code, stdout } = await cli.run('validate', '-C', repo.path);
    expect([code, stdout]).toEqual([2, expect.stringContaining('environments/lab/compose.yaml:1:20: error: ')]);
    expect(stdout).toContain('[compose/unknown-key]');
  });

  test('prints JSON and writes SARIF for other tools', async () => {
    await using repo = await repository();
    await using cli = await CommandLine.create();
    const sarif = join(repo.path, 'out.sarif');
    const { code, stdout } = await cli.run('validate', 'lab', '-C', repo.path, '--json', '--sarif', sarif);
    expect(code).toBe(0);
    expect(v.parse(ValidationResultFile, JSON.parse(stdout))).toMatchObject({
      errors: 0,
      environments: [{ name: 'lab' }],
    });
    expect(JSON.parse(await readFile(sarif, 'utf8'))).toMatchObject({ version: '2.1.0' });
  });

  test('writes a baseline, after which only new findings count', async () => {
    await using repo = await repository({
      'environments/lab/compose.yaml': goodCompose.replace(':1.2.3', ''),
    });
    await using cli = await CommandLine.create();
    const written = await cli.run('validate', '-C', repo.path, '--update-baseline');
    expect(written.stdout).toContain('1 warning or error written to ');
    const { code, stdout } = await cli.run('validate', '-C', repo.path, '--fail-on', 'warning');
    expect([code, stdout]).toEqual([0, expect.stringContaining('1 known')]);
  });
});

describe.concurrent('nothing that is secret is shown', () => {
  const secret = plant('hunter2-long-secret-value');
  const dotenv = `DB_PASSWORD=${secret}\n`;

  test('where a value of a .env in clear stands at a faulty place', async () => {
    await using repo = await repository({
      'environments/lab/compose.yaml': `${goodCompose.replace(':1.2.3', ':${DB_PASSWORD}')}    ports: ["\${DB_PASSWORD}"]\n`,
      'environments/lab/.env': dotenv,
    });
    const result = await validate(repo);
    expect(result.outputs['errors']).not.toBe('0');
    await using cli = await CommandLine.create();
    const sarif = join(repo.path, 'out.sarif');
    await cli.run('validate', '-C', repo.path, '--sarif', sarif, '--json');
    await cli.run('validate', '-C', repo.path, '--update-baseline');
    for (const file of [sarif, join(repo.path, '.gitops-baseline.json')]) {
      const text = await readFile(file, 'utf8');
      expect(text).not.toContain(secret);
    }
  });

  test('a fingerprint of a finding does not tell whether a guess of it is right', async () => {
    const fingerprintOf = async (value: string) => {
      await using repo = await repository({
        'environments/lab/compose.yaml': goodCompose.replace('web:1.2.3', '${DB_PASSWORD}'),
        'environments/lab/.env': `DB_PASSWORD=${value}\n`,
      });
      const result = await validate(repo);
      const log = JSON.parse(await readFile(result.outputs['sarif'] ?? '', 'utf8'));
      return JSON.stringify(
        log.runs[0].results.map((each: { partialFingerprints: unknown }) => each.partialFingerprints),
      );
    };
    expect(await fingerprintOf('one-long-secret-value')).toBe(await fingerprintOf('other-long-secret-value'));
  });
});

test('a file that is nearly environment.yml is told', async () => {
  await using repo = await repository({ 'environments/typo/environment.yaml': environmentYml });
  const { findings } = await resultOf(await validate(repo));
  expect(findings.map(({ rule }) => rule)).toContain('config/misnamed-file');
});

describe.concurrent('validate-config copes with', () => {
  test('thousands of files where a process may open few', async () => {
    const files = Array.from({ length: 3000 }, (_, index) => [`docs/${index}.md`, `page ${index}\n`]);
    await using repo = await repository(Object.fromEntries(files));
    const bundle = join(import.meta.dirname, '..', '..', 'dist', 'gitops.mjs');
    const line = `ulimit -n 200; exec '${process.execPath}' '${bundle}' validate -C '${repo.path}'`;
    expect(await runCommand('sh', ['-c', line])).toContain('Validated');
  });

  test('links that lead nowhere, to themselves or out of the repository', async () => {
    await using repo = await repository({ 'environments/other/environment.yml': environmentYml });
    await symlink('loop', join(repo.path, 'loop'));
    await symlink('/etc/hostname', join(repo.path, 'environments/other/.env'));
    await symlink('compose.yaml', join(repo.path, 'environments/other/compose.yaml'));
    await repo.commit('links');
    const { findings } = await resultOf(await validate(repo));
    expect(findings.map(({ rule, file }) => [rule, file])).toContainEqual([
      'config/path-outside',
      'environments/other/.env',
    ]);
  });

  test('a link that leaves the repository and that no stack uses', async () => {
    await using repo = await repository();
    await symlink('/etc/hostname', join(repo.path, 'link'));
    await repo.commit('link');
    expect((await validate(repo)).outputs).toMatchObject({ errors: '0' });
  });
});
