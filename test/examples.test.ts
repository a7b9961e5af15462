import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkStack, composeProvider, lintStack, lintTogether } from '@gitops/compose';
import { loadEnvironment, scopesOf } from '@gitops/core';
import { openRepository } from '@gitops/repository';
import * as v from 'valibot';
import { afterAll, expect, test } from 'vitest';
import { runCommand } from './lab/command.ts';
import { createExampleRepository, exampleEnvironments, exampleStacks } from './lab/example-repository.ts';

const Port = v.object({ published: v.string(), protocol: v.string() });
const Service = v.object({
  image: v.string(),
  privileged: v.optional(v.boolean(), false),
  volumes: v.optional(v.array(v.unknown()), []),
  ports: v.optional(v.array(Port), []),
});
const Model = v.object({ services: v.record(v.string(), Service) });

const repository = await createExampleRepository();
const view = await openRepository(repository.path);

afterAll(() => repository[Symbol.asyncDispose]());

test('there are production, staging and development', () => {
  expect(exampleEnvironments).toEqual(['development', 'production', 'staging']);
});

test.each(exampleEnvironments)(
  '%s loads without a finding, and each of its stacks says what .env has to hold',
  async (name) => {
    const { environment, findings } = await loadEnvironment(view, name);
    expect(findings).toEqual([]);
    expect(environment?.stacks.map(({ folder }) => folder)).toEqual(
      exampleStacks.filter((folder) => folder.startsWith(`environments/${name}`)),
    );
    for (const scope of environment ? scopesOf(environment) : []) {
      expect((await composeProvider.load(view, scope)).findings).toEqual([]);
    }
  },
);

test.each(exampleStacks)(
  'Compose is content with %s, whose images are pinned and have no power over the host',
  async (folder) => {
    const services = Object.entries((await rendered(folder)).services);
    expect(services).not.toHaveLength(0);
    for (const [name, { image, privileged, volumes }] of services) {
      expect(image, name).toMatch(/^[a-z./]+:\d+\.\d+(?:\.\d+)?$/);
      expect(privileged, name).toBe(false);
      expect(JSON.stringify(volumes), name).not.toContain('docker.sock');
    }
  },
);

test('no two stacks share a project name or a port, so that all environments may be on one host', async () => {
  const environments = await Promise.all(exampleEnvironments.map((name) => loadEnvironment(view, name)));
  const names = environments.flatMap(({ environment }) => environment?.stacks.map((stack) => stack.name) ?? []);
  const models = await Promise.all(exampleStacks.map(rendered));
  const ports = models.flatMap(({ services }) => Object.values(services).flatMap((service) => service.ports));
  expectEachOnce(names);
  expectEachOnce(ports.map(({ published, protocol }) => `${published}/${protocol}`));
});

test('of the examples nothing is told but that a worker, which serves nothing, has no health check', async () => {
  const stacks = (await Promise.all(exampleEnvironments.map(checkedStacks))).flat();
  const findings = [...stacks.flatMap((stack) => lintStack(stack)), ...lintTogether(stacks)];
  expect(findings.map(({ rule, message }) => `${rule} ${message.split(',')[0]}`)).toEqual([
    'compose/no-health-check `worker` has no health check',
    'compose/no-health-check `worker` has no health check',
  ]);
});

test('git ignores each .env, and the placeholders in the examples are plainly no secrets', async () => {
  expect(await repository.git('ls-files', '*.env')).toBe('');
  for (const folder of exampleStacks) {
    const text = await readFile(join(repository.path, folder, '.env.example'), 'utf8');
    for (const [, value = ''] of text.matchAll(/^\w+_PASSWORD=(.*)$/gm)) expect(value).toMatch(/^change-me/);
  }
});

async function checkedStacks(name: string) {
  const { environment } = await loadEnvironment(view, name);
  const checked = environment?.stacks.map(async (spec) => {
    const { project } = await checkStack(view, spec.name, spec.folder);
    const target = environment.targets.find((each) => each.name === spec.target);
    return project && target ? [{ spec, project, target, environment: name }] : [];
  });
  return (await Promise.all(checked ?? [])).flat();
}

async function rendered(folder: string): Promise<v.InferOutput<typeof Model>> {
  const cwd = join(repository.path, folder);
  return v.parse(Model, JSON.parse(await runCommand('docker', ['compose', 'config', '--format', 'json'], { cwd })));
}

function expectEachOnce(values: readonly string[]): void {
  expect(values).not.toHaveLength(0);
  expect(values).toEqual([...new Set(values)]);
}
