import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { runCommand } from '../lab/command.ts';
import type { InitLab, Site } from './init-lab.ts';

const Workflow = v.object({
  jobs: v.object({ deploy: v.object({ steps: v.array(v.object({ run: v.optional(v.string()) })) }) }),
});

/** A clone of what `init` has committed, where a job of its workflow runs: nothing that git ignores is in it. */
class Clone {
  readonly path: string;
  readonly #site: Site;
  readonly #env: InitLab['env'];
  /** Scripts that write what is not in git. */
  readonly #steps: readonly string[];

  constructor(path: string, site: Site, env: InitLab['env'], steps: readonly string[]) {
    this.path = path;
    this.#site = site;
    this.#env = env;
    this.#steps = steps;
  }

  file(path: string): Promise<string> {
    return readFile(join(this.path, path), 'utf8');
  }

  async runSteps(): Promise<void> {
    for (const step of this.#steps) await this.#run(step);
  }

  /** Lets the workflow write these files and no other, each from what GitHub would keep of it, and private in a folder that is not. */
  async writeSecrets(paths: readonly string[]): Promise<void> {
    expect(this.#steps).toHaveLength(paths.length);
    for (const path of paths) {
      const content = await this.#site.file(path);
      const step = this.#steps.find((text) => text.includes(`'${path}'`)) ?? '';
      await expect(this.#run(step)).rejects.toThrow('set the secret FILE_');
      await this.#run(step, { CONTENT: content.replace(/[\r\n]+$/, '') });
      expect(await this.file(path)).toBe(content);
      expect(await this.#mode(path)).toBe(0o600);
      expect(await this.#mode(dirname(path))).toBe(await this.#mode('environments'));
    }
  }

  async #run(step: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    await runCommand('sh', ['-e', '-c', step], { cwd: this.path, env: { ...this.#env, ...more } });
  }

  async #mode(path: string): Promise<number> {
    return (await stat(join(this.path, path))).mode & 0o777;
  }
}

export async function cloneOf(site: Site, { env }: InitLab): Promise<Clone> {
  const path = `${site.path}-clone`;
  await site.git('clone', '--quiet', '.', path);
  const workflow = v.parse(Workflow, parse(await site.file('.github/workflows/deploy.yml')));
  return new Clone(
    path,
    site,
    env,
    workflow.jobs.deploy.steps.flatMap(({ run }) => run ?? []),
  );
}
