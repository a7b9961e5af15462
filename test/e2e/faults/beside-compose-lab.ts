import { expect } from 'vitest';
import { type DeploymentLab, startDeploymentLab } from '../../lab/deployment-lab.ts';
import { containersOf, PlainProject } from './beside-compose-plain-project.ts';

type Files = Readonly<Record<string, string>>;

/** For what a host does by itself. Far more than it takes. */
export const PATIENCE = { timeout: 120_000, interval: 50 };

/** A service that is healthy at once; of `lines`, each is indented as the service's keys are. */
export function service(name: string, image: string, ...lines: readonly string[]): string {
  const check = 'healthcheck: { test: [CMD, "true"], interval: 300ms }';
  return [`  ${name}:`, ...[`image: ${image}`, check, ...lines].map((line) => `    ${line}`), ''].join('\n');
}

/** `compose.yaml` out of services, and of what else is at its top. */
export function project(services: readonly string[], ...lines: readonly string[]): Files {
  return { 'compose.yaml': ['services:', ...services, ...lines, ''].join('\n') };
}

/** The same files twice on one host: in a folder for plain Compose, and in a repository that we deploy. */
export class BesideLab implements AsyncDisposable {
  readonly lab: DeploymentLab;
  readonly plain: PlainProject;

  private constructor(lab: DeploymentLab) {
    this.lab = lab;
    this.plain = new PlainProject(lab.host);
  }

  /** Lays the files out and starts nothing. `health` is that of the lab. */
  static async create(files: Files, health?: string): Promise<BesideLab> {
    const lab = await startDeploymentLab({ files, ...(health !== undefined && { health }) });
    const beside = new BesideLab(lab);
    await beside.plain.write(files);
    return beside;
  }

  /** Lays the files out and brings both projects up. */
  static async start(files: Files, health?: string): Promise<BesideLab> {
    const beside = await BesideLab.create(files, health);
    const [{ code, output }, result] = await Promise.all([beside.plain.up(), beside.lab.deploy()]);
    expect(code, output).toBe(0);
    expect(result.outputs, result.log).toMatchObject({ outcome: 'deployed' });
    return beside;
  }

  /** Writes the files for plain Compose, and commits them for us. */
  async change(files: Files): Promise<void> {
    await Promise.all([this.plain.write(files), this.lab.commit(files)]);
  }

  /** The containers of our project, as `PlainProject.containers` tells them. */
  containers(): Promise<readonly string[]> {
    return containersOf(this.lab.host, this.lab.project);
  }

  /** As `PlainProject.inspect`, of our project. */
  inspect(service: string, format: string): Promise<string> {
    return this.lab.host.run(['docker', 'inspect', '--format', format, `${this.lab.project}-${service}-1`]);
  }

  /** As `PlainProject.exec`, in our project. */
  exec(service: string, ...words: readonly string[]): Promise<string> {
    return this.lab.host.run(['docker', 'exec', `${this.lab.project}-${service}-1`, ...words]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.plain[Symbol.asyncDispose]();
    await this.lab[Symbol.asyncDispose]();
  }
}
