import { randomBytes } from 'node:crypto';
import type { LabHost } from '../../lab/lab-host.ts';
import { removeProject } from '../../lab/project.ts';

/** How a command ended, and all that it printed. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A command in a session of its own, so that a signal can reach it with all its children, or alone. */
export interface Begun {
  /** Signals it and its children, as the end of a job does. */
  signalAll(name: 'KILL' | 'TERM'): Promise<void>;
  /** Signals it alone, as somebody does who kills what `ps` shows first. */
  signal(name: 'KILL'): Promise<void>;
  printed(): Promise<string>;
  /** `undefined` as long as it runs, and for ever if it was killed. */
  exitCode(): Promise<number | undefined>;
}

/** A project that plain Compose looks after, in a folder of a lab's host. */
export class PlainProject implements AsyncDisposable {
  readonly name = `plain${randomBytes(4).toString('hex')}`;
  readonly folder: string;
  readonly #host: LabHost;
  readonly #begun: Begun[] = [];

  constructor(host: LabHost) {
    this.#host = host;
    this.folder = `${host.directory}/${this.name}`;
  }

  /** Writes files over what is there, each in place. */
  async write(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) {
      const file = `${this.folder}/${path}`;
      await this.#host.run(['sh', '-c', 'mkdir -p "$(dirname "$1")" && cat >"$1"', 'sh', file], { input: text });
    }
  }

  /** `docker compose` with these words, to its end. */
  compose(...words: readonly string[]): Promise<Ended> {
    return this.sh(`docker compose -p ${this.name} ${words.join(' ')} </dev/null`);
  }

  up(...words: readonly string[]): Promise<Ended> {
    return this.compose('up', '-d', ...words);
  }

  /** A line of shell in the project's folder, to its end. */
  async sh(line: string): Promise<Ended> {
    const all = await this.#host.sh(`cd ${this.folder} && { ( ${line} ) 2>&1; printf '\\nexit %s' $?; }`);
    const [, output = '', code] = /^(.*)\nexit (\d+)$/s.exec(all) ?? [];
    return { code: Number(code), output: output.trimEnd() };
  }

  /** Begins a line of shell in the project's folder. */
  async begin(line: string): Promise<Begun> {
    const log = `${this.folder}/begun-${this.#begun.length}.log`;
    const program = `${line}\necho $? >${log}.code`;
    const argv = [
      'sh',
      '-c',
      `cd ${this.folder} && { setsid sh -c "$1" >${log} 2>&1 </dev/null & echo $!; }`,
      'sh',
      program,
    ];
    const leader = await this.#host.run(argv);
    const kill = async (name: string, target: string): Promise<void> => {
      await this.#host.sh(`kill -${name} ${target} 2>/dev/null || true`);
    };
    const begun: Begun = {
      signalAll: (name) => kill(name, `-${leader}`),
      signal: (name) => kill(name, leader),
      printed: () => this.#host.sh(`cat ${log}`),
      exitCode: async () => {
        const code = await this.#host.sh(`cat ${log}.code 2>/dev/null || true`);
        return code === '' ? undefined : Number(code);
      },
    };
    this.#begun.push(begun);
    return begun;
  }

  containers(): Promise<readonly string[]> {
    return containersOf(this.#host, this.name);
  }

  /** What `docker inspect` says of a service's container. */
  inspect(service: string, format: string): Promise<string> {
    return this.#host.run(['docker', 'inspect', '--format', format, `${this.name}-${service}-1`]);
  }

  /** Runs words inside a service's container. */
  exec(service: string, ...words: readonly string[]): Promise<string> {
    return this.#host.run(['docker', 'exec', `${this.name}-${service}-1`, ...words]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const begun of this.#begun) await begun.signalAll('KILL');
    await removeProject(this.name, [], this.#host);
  }
}

/** All containers of a project by name and state, such as `web-1 running`, and `<id12>_web-1 created` for what Compose left halfway. */
export async function containersOf(host: LabHost, project: string): Promise<readonly string[]> {
  const filter = `label=com.docker.compose.project=${project}`;
  const text = await host.run(['docker', 'ps', '--all', '--filter', filter, '--format', '{{.Names}} {{.State}}']);
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => line.replace(/^[0-9a-f]{12}_/, '<id12>_').replace(`${project}-`, '')).sort();
}
