import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { GitopsError } from '@gitops/core';
import type { Connection } from '@gitops/host';
import { openRepository } from '@gitops/repository';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environment, target } from '../../core/src/testing/desired-state.ts';
import { TrialHost } from '../../host/src/testing/trial-host.ts';
import { composeProvider } from './provider.ts';
import { ComposeSession } from './session.ts';
import { LATER, LINKS, OPEN_PATHS } from './testing/hostile-paths.ts';
import type { HostileProject } from './testing/hostile-project.ts';
import { SHAPES } from './testing/hostile-shapes.ts';
import { HIDDEN, VARIABLES } from './testing/hostile-yaml.ts';

const PROJECTS = [...OPEN_PATHS, ...LINKS, ...LATER, ...HIDDEN, ...VARIABLES, ...SHAPES];

const CANARY = `canary${randomBytes(8).toString('hex')}`;

let host: TrialHost;
let outside: string;
let repositories: string;

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'outside-'));
  repositories = await mkdtemp(join(tmpdir(), 'hostile-'));
  host = new TrialHost('dash');
  host.install('docker', 'exec /usr/bin/docker "$@"\n');
  const secrets = {
    'secret.env': `A=${CANARY}\n`,
    'secret.yml': `services:\n  base:\n    image: ${CANARY}\n`,
    shadow: `${CANARY}:$6$salt$hash:19000:0:99999:7:::\n`,
    'app/.env': `DB_PASSWORD=${CANARY}\n`,
    program: `#!/bin/sh\ntouch ${outside}/ran\n`,
    'config.json': `{"auths":{"example.com":{"auth":"${CANARY}"}}}`,
  };
  for (const [path, content] of Object.entries(secrets)) await write(join(outside, path), content, 0o755);
  host.write('../../../.docker/config.json', secrets['config.json']);
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
  for (const folder of [outside, repositories]) await rm(folder, { recursive: true });
});

describe('a plan over a pull request with', () => {
  test.concurrent.each(PROJECTS.map((project) => [project.what, project] as const))(
    '%s shows nothing of the host',
    async (_, project) => {
      const { findings, said } = await planOver(project);
      expect(said).not.toContain(CANARY);
      expect(existsSync(join(outside, 'ran'))).toBe(false);
      if (project.refused === undefined) expect(said).toContain('@@rendered shop');
      else expect(findings).toContain(project.refused);
    },
  );
});

interface Planned {
  /** `RULE FILE:LINE` of the errors that were found offline. */
  readonly findings: readonly string[];
  /** All that came back from the host, and all that was made of it. */
  readonly said: string;
}

/** Plans as `deploy` does, with the Compose of this machine. */
async function planOver(project: HostileProject): Promise<Planned> {
  const said: string[] = [];
  const scope = {
    environment: environment(),
    target: target(),
    stacks: [{ name: 'shop', folder: 'stack', target: 'docker' }],
  };
  const { findings, declared } = await composeProvider.load(await openRepository(await commit(project)), scope);
  const errors = findings.filter(({ severity }) => severity === 'error');
  said.push(JSON.stringify(findings));
  if (declared) {
    const session = new ComposeSession(connectionTo(said), scope, AbortSignal.timeout(600_000));
    try {
      const prepared = await session.prepare(declared, undefined, undefined);
      said.push(JSON.stringify([prepared, await prepared.preview(undefined), prepared.warnings, prepared.secrets]));
    } catch (error) {
      if (!(error instanceof GitopsError)) throw error;
      said.push(error.message);
    }
  }
  return { said: said.join('\n'), findings: errors.map((each) => `${each.rule} ${placeOf(each)}`) };
}

function placeOf({ file, line }: { readonly file: string; readonly line?: number }): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** A session on the host has a variable of its own, as sessions have. */
function connectionTo(said: string[]): Connection {
  return {
    label: 'gitops@docker.example.com:22',
    run: async ({ script, args = [], stdin = '' }) => {
      const input = await buffer(Readable.from(typeof stdin === 'string' ? [Buffer.from(stdin)] : stdin));
      const { code, stdout, stderr } = await host.sh(
        `SESSION_TOKEN=${CANARY}\nexport SESSION_TOKEN\n${script}`,
        args,
        input,
      );
      said.push(stdout, stderr);
      return { code: code ?? 255, stdout: Buffer.from(stdout), stderr };
    },
    open: () => Promise.reject(new GitopsError('test', { attempted: 'open', seen: 'a test', remedy: 'none' })),
    close: () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

async function commit({ files }: HostileProject): Promise<string> {
  const root = await mkdtemp(join(repositories, 'r-'));
  for (const [path, content] of Object.entries(files)) {
    const [, link] = /^-> (.*)$/s.exec(content) ?? [];
    await (link === undefined
      ? write(join(root, placed(path)), placed(content))
      : linkTo(placed(link), join(root, path)));
  }
  const git = (...words: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', ...words], { cwd: root });
  git('init', '--quiet');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'change');
  return root;
}

/** The tree lies in a folder of its own in the one for temporary files. */
function placed(text: string): string {
  return text
    .replaceAll('/OUTSIDE', outside)
    .replaceAll('OUTSIDE', outside)
    .replaceAll('UP', `../../../${basename(outside)}`);
}

async function linkTo(link: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(link, path);
}

async function write(path: string, content: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content, { mode });
}
