import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from '@gitops/core';
import { openRepository } from '@gitops/repository';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadStack } from './load-stack.ts';

type Files = Readonly<Record<string, string>>;

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'gitops-stack-'));
});

afterEach(() => rm(root, { recursive: true }));

/** Commits the files, and for a value `-> target` a link, and loads the stack in the folder `stack`. */
async function load(files: Files) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    const [, target] = /^-> (.*)$/.exec(content) ?? [];
    await (target ? symlink(target, join(root, path)) : writeFile(join(root, path), content));
  }
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args], { cwd: root });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--allow-empty', '--message', 'change');
  return loadStack(await openRepository(root), 'shop', 'stack');
}

function shown(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ file, line, column, severity, message }) => `${file}:${line}:${column} ${severity} ${message}`,
  );
}

async function uploaded(files: Files): Promise<string[]> {
  const { stack, findings } = await load(files);
  expect(shown(findings)).toEqual([]);
  return stack?.upload.map(({ path }) => path) ?? [];
}

const WEB = 'services:\n  web:\n    image: nginx\n';

test('a folder without Compose file is a finding that names what was looked for', async () => {
  expect((await load({ 'stack/readme.md': '' })).findings).toEqual([
    {
      rule: 'compose/no-compose-file',
      severity: 'error',
      file: 'stack',
      message:
        'there is no Compose file in stack; looked for compose.yaml, compose.yml, docker-compose.yml, docker-compose.yaml',
      remedy: 'add one of these files, or correct `path` of the stack in environment.yml',
    },
  ]);
});

test('the first of the names counts, with the first of the override files', async () => {
  const { stack } = await load({
    'stack/compose.yml': WEB,
    'stack/docker-compose.yml': WEB,
    'stack/docker-compose.override.yml': 'services: { db: { image: postgres } }\n',
    'stack/.env': 'A=1\n',
  });
  expect(stack).toMatchObject({
    files: ['stack/compose.yml', 'stack/docker-compose.override.yml'],
    envFile: 'stack/.env',
    variables: { A: '1' },
    services: ['db', 'web'],
  });
});

test('services are known whatever their profile, included ones too, extended ones not', async () => {
  const { stack } = await load({
    'stack/compose.yaml': `include: [more/compose.yaml]\n${WEB}    profiles: [tools]\n    extends: { file: base.yaml, service: base }\n`,
    'stack/more/compose.yaml': 'services: { cache: { image: redis } }\n',
    'stack/base.yaml': 'services: { base: { image: x }, unused: { env_file: nowhere } }\n',
  });
  expect(stack?.services).toEqual(['cache', 'web']);
});

test('a place is that of the value, for mappings that of the key', async () => {
  const { stack } = await load({ 'stack/compose.yaml': WEB });
  expect(stack?.positions(['services', 'web'])).toEqual({ file: 'stack/compose.yaml', line: 2, column: 3 });
  expect(stack?.positions(['services', 'web', 'image'])).toEqual({ file: 'stack/compose.yaml', line: 3, column: 12 });
  expect(stack?.positions(['services', 'db'])).toBeUndefined();
});

describe('what goes to the host', () => {
  test('is the folder, and what the Compose files name outside of it', async () => {
    const compose = `include: [../shared/compose.yaml]
services:
  web:
    extends: { file: ../shared/base.yaml, service: base }
    env_file: [../shared/web.env, { path: ./missing.env, required: false }]
    volumes: ["../shared/html:/html:ro", "\${CONF:-../shared/one.conf}:/one.conf", "/etc/localtime:/etc/localtime:ro", "data:/data"]
volumes: { data: {} }
configs: { app: { file: ../shared/app.json } }
`;
    expect(
      await uploaded({
        'other/file': '',
        'stack/compose.yaml': compose,
        'stack/readme.md': '',
        'shared/.env': 'TAG=1\n',
        'shared/compose.yaml': 'services: { cache: { image: "redis:${TAG}", volumes: [./redis.conf:/redis.conf] } }\n',
        'shared/redis.conf': '',
        'shared/base.yaml': 'services: { base: { env_file: base.env }, unused: { env_file: nowhere } }\n',
        'shared/base.env': '',
        'shared/web.env': '',
        'shared/html/a': '',
        'shared/html/b/c': '',
        'shared/one.conf': '',
        'shared/app.json': '',
        'shared/unused': '',
      }),
    ).toEqual([
      ...[
        '.env',
        'app.json',
        'base.env',
        'base.yaml',
        'compose.yaml',
        'html/a',
        'html/b/c',
        'one.conf',
        'redis.conf',
        'web.env',
      ].map((name) => `shared/${name}`),
      'stack/compose.yaml',
      'stack/readme.md',
    ]);
  });

  test('contains ignored files that are named, and no others', async () => {
    expect(
      await uploaded({
        '.gitignore': '.env\nsecret.txt\ncache\n',
        'stack/.env': 'A=1\n',
        'stack/cache': '',
        'stack/secret.txt': '',
        'stack/compose.yaml': `${WEB}secrets: { key: { file: ./secret.txt } }\n`,
      }),
    ).toEqual(['stack/.env', 'stack/compose.yaml', 'stack/secret.txt']);
  });

  test('holds the content of links, also of linked folders', async () => {
    const files = {
      'stack/compose.yaml': `${WEB}    volumes: ["./conf:/conf:ro"]\n`,
      'shared/a': 'x',
      'stack/conf': '-> ../shared',
      'stack/file': '-> ../shared/a',
    };
    expect(await uploaded(files)).toEqual(['stack/compose.yaml', 'stack/conf/a', 'stack/file']);
  });
});

describe('files that include or extend each other', () => {
  test('are read once', async () => {
    const compose = `${WEB}    extends: { file: base.yaml, service: base }\n`;
    const base = 'services: { base: { extends: { file: compose.yaml, service: web }, image: "$NOT_SET" } }\n';
    const { findings } = await load({ 'stack/compose.yaml': compose, 'stack/base.yaml': base });
    expect(shown(findings)).toEqual(['stack/base.yaml:1:76 error variable `NOT_SET` is not set']);
  });
});

test('tags of Compose, anchors and merge keys are no faults', async () => {
  const compose = `x-base: &base { image: nginx, env_file: &files [a.env] }
services:
  web: { <<: *base, ports: !reset [], labels: !reset { a: "$NOT_SET" } }
  api: { <<: [*base], env_file: !override [b.env] }
  job: { image: job, env_file: *files, volumes: !reset null }
`;
  expect(await uploaded({ 'stack/compose.yaml': compose, 'stack/a.env': '', 'stack/b.env': '' })).toHaveLength(3);
});

test('a link in the folder that leaves the repository is a finding', async () => {
  const { findings } = await load({ 'stack/compose.yaml': WEB, 'stack/link': '-> /etc/hostname' });
  expect(findings.map(({ rule, message }) => `${rule} ${message}`)).toEqual([
    'compose/path-outside `stack/link` leads through a symbolic link to `/etc/hostname`, outside of the repository',
  ]);
});

test('a large file is a warning', async () => {
  const { findings } = await load({ 'stack/compose.yaml': WEB, 'stack/dump.sql': 'x'.repeat(51 * 1024 * 1024) });
  expect(findings.map(({ severity, file, message }) => `${severity} ${file} ${message}`)).toEqual([
    'warning stack/dump.sql the file has 51 MB and is uploaded to the host',
  ]);
});
