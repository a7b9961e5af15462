import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encryptSops, type SopsFormat } from '@gitops/secrets';

/** A key that was made for this test. */
interface TestKey {
  readonly identity: string;
  readonly recipient: string;
}

/** A git repository with a key that lies outside of it. */
export class SecretsFolder implements AsyncDisposable {
  readonly path: string;
  readonly key: TestKey;
  readonly env: NodeJS.ProcessEnv;
  /** What the command printed. */
  printed = '';

  private constructor(path: string, key: TestKey) {
    this.path = path;
    this.key = key;
    this.env = {
      ...process.env,
      SOPS_AGE_KEY: key.identity,
      HOME: path,
      XDG_CONFIG_HOME: path,
      PATH: process.env['PATH'],
    };
  }

  static async make(key: TestKey): Promise<SecretsFolder> {
    const folder = new SecretsFolder(await mkdtemp(join(tmpdir(), 'secrets-')), key);
    folder.git('init', '--quiet');
    return folder;
  }

  git(...words: string[]): string {
    return execFileSync('git', ['-C', this.path, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...words], {
      encoding: 'utf8',
    });
  }

  at(name: string): string {
    return join(this.path, name);
  }

  async write(name: string, content: string): Promise<string> {
    await writeFile(this.at(name), content);
    return this.at(name);
  }

  read(name: string): Promise<string> {
    return readFile(this.at(name), 'utf8');
  }

  async encrypted(name: string, content: string, format: SopsFormat = 'dotenv'): Promise<string> {
    const recipients = [this.key.recipient];
    return this.write(name, await encryptSops(Buffer.from(content), { format, recipients }));
  }

  /** An infrastructure repository with one environment whose stack has secrets. */
  async repository(environment: string): Promise<void> {
    await mkdir(this.at(`environments/${environment}`), { recursive: true });
    await this.write('gitops.yml', 'apiVersion: gitops/v1\nname: shop\n');
    await this.write(
      `environments/${environment}/environment.yml`,
      'apiVersion: gitops/v1\nbranch: main\ntargets:\n  docker: { kind: docker, host: docker.example.com, user: gitops }\nstacks:\n  - name: shop\n    secrets: .env.encrypted\n',
    );
  }

  /** An editor that does this with the file `$1`. */
  async editor(body: string): Promise<string> {
    const path = await this.write('editor', `#!/bin/sh\n${body}\n`);
    await chmod(path, 0o755);
    return path;
  }

  readonly screen = {
    write: (text: string | Buffer): void => {
      this.printed += text.toString();
    },
  };

  [Symbol.asyncDispose](): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
