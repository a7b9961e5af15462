import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from '../lab/command.ts';
import { runProgram } from '../lab/command-line.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { startLoopbackHost } from '../lab/loopback-host.ts';
import { removeProject } from '../lab/project.ts';
import { createTemporaryDirectory } from '../lab/temporary-directory.ts';

/** What `gitops init` writes for somebody who has nothing yet. */
export const written = [
  '.github/workflows/deploy.yml',
  '.gitignore',
  'README.md',
  'environments/production/compose.yaml',
  'environments/production/environment.yml',
  'environments/production/known_hosts',
  'gitops.yml',
];

/** How a run of the CLI ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Somebody with `gitops.mjs` alone, a key, and a host that knows it. */
export class InitLab implements AsyncDisposable {
  /** Their home; `gitops.mjs` lies in it, the private key is `key`, and the host's line of known_hosts is `known`. */
  readonly folder: string;
  readonly host: LabHost;
  /** Of the host's key. */
  readonly fingerprint: string;
  readonly #end: () => Promise<void>;

  static async start(): Promise<InitLab> {
    const home = await createTemporaryDirectory('init');
    const host = await startLoopbackHost();
    await copyFile(join(import.meta.dirname, '../../dist/gitops.mjs'), join(home.path, 'gitops.mjs'));
    await writeFile(join(home.path, '.gitconfig'), '[user]\nname = Lab\nemail = lab@example.com\n');
    await writeFile(join(home.path, 'key'), host.privateKey, { mode: 0o600 });
    await writeFile(join(home.path, 'known'), `${host.knownHosts}\n`);
    const shown = await runCommand('ssh-keygen', ['-lf', join(home.path, 'known')]);
    return new InitLab(home.path, host, shown.split(' ')[1] ?? '', async () => {
      await host.stop();
      await home[Symbol.asyncDispose]();
    });
  }

  private constructor(folder: string, host: LabHost, fingerprint: string, end: () => Promise<void>) {
    this.folder = folder;
    this.host = host;
    this.fingerprint = fingerprint;
    this.#end = end;
  }

  get env(): Readonly<Record<string, string | undefined>> {
    return { PATH: process.env['PATH'], HOME: this.folder };
  }

  get program(): string {
    return join(this.folder, 'gitops.mjs');
  }

  get identity(): string {
    return join(this.folder, 'key');
  }

  get known(): string {
    return join(this.folder, 'known');
  }

  gitops(...words: readonly string[]): Promise<Ended> {
    return runProgram([this.program, ...words], { cwd: this.folder, env: this.env });
  }

  site(): Site {
    return new Site(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#end();
  }
}

/** A place to write a repository to, and the project that a deployment of it makes. */
export class Site implements AsyncDisposable {
  readonly name = `init${randomBytes(4).toString('hex')}`;
  readonly path: string;
  readonly #lab: InitLab;

  constructor(lab: InitLab) {
    this.#lab = lab;
    this.path = join(lab.folder, this.name);
  }

  get project(): string {
    return `${this.name}-production`;
  }

  /** The flags that say who and where, beside those that pin the key. */
  get flags(): readonly string[] {
    const { host, identity } = this.#lab;
    return ['-C', this.path, '--name', this.name, '--identity', identity, ...targetFlags(host)];
  }

  init(...words: readonly string[]): Promise<Ended> {
    return this.#lab.gitops('init', ...this.flags, ...words);
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
    return runCommand('git', ['-C', this.path, ...words], { env: this.#lab.env });
  }

  /** Every file but git's own. */
  async files(): Promise<readonly string[]> {
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

/** The flags of `gitops init` that say where to deploy to. */
export function targetFlags({ host, port, user, stateDir }: LabHost): readonly string[] {
  return ['--host', host, '--port', String(port), '--user', user, '--state-dir', stateDir];
}
