import { randomBytes } from 'node:crypto';
import { runCommand } from '../lab/command.ts';
import type { LabHost } from '../lab/lab-host.ts';
import { removeProject } from '../lab/project.ts';

/** A project as somebody deploys it by hand: a Compose file in a folder of the host, and `docker compose up -d` over ssh. */
export class PlainProject implements AsyncDisposable {
  readonly project = `plain${randomBytes(4).toString('hex')}`;
  readonly #host: LabHost;

  constructor(host: LabHost) {
    this.#host = host;
  }

  get #folder(): string {
    return `${this.#host.stateDir}/../${this.project}`;
  }

  async copy(composeFile: string): Promise<void> {
    await this.#ssh(`mkdir -p ${this.#folder} && cat > ${this.#folder}/compose.yaml`, composeFile);
  }

  async up(): Promise<void> {
    await this.#ssh(`cd ${this.#folder} && docker compose -p ${this.project} up -d`);
  }

  /** The same without ssh; returns how many milliseconds it took. */
  async upOnHost(): Promise<number> {
    const begin = performance.now();
    await this.#host.sh(`cd ${this.#folder} && docker compose -p ${this.project} up -d`);
    return performance.now() - begin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeProject(this.project);
  }

  async #ssh(line: string, input = ''): Promise<void> {
    await runCommand('ssh', [...this.#host.sshArguments, line], { input });
  }
}
