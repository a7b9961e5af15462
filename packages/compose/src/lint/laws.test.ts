import type { Finding } from '@gitops/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ComposeProject, MountModel, PortModel, ProjectModel, ServiceModel } from '../check/index.ts';
import { lintChange } from './lint-change.ts';
import { lintStack } from './lint-stack.ts';
import { lintTogether } from './lint-together.ts';
import type { StackOfEnvironment } from './linted-stack.ts';
import { COMPOSE_LINT_RULES } from './rules.ts';
import { target } from './testing/linted.ts';

/** Words that mean something to a rule, and any others. */
function word(...words: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(fc.constantFrom(...words), fc.string());
}

/** With any of these keys left out. */
function some<T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record(shape, { requiredKeys: [] });
}

const key = word('web', 'db', 'default', 'data', '__proto__', 'constructor');
const image = word('nginx', 'nginx:latest', 'postgres:16', 'postgres:17', 'a/github-runner:1', 'a@sha256:0', ':', '@');
const paths = word(
  '/',
  '/etc',
  '/run',
  '/var/run/docker.sock',
  './data',
  'data',
  '/var/lib/postgresql/data',
  '//',
  '..',
);
const dictionary = <T>(value: fc.Arbitrary<T>) => fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: false });

const port = some<PortModel>({
  target: fc.nat(65_535),
  published: word('80', '8080', '80-90', '0', '99999'),
  protocol: fc.constantFrom('tcp', 'udp'),
  host_ip: word('0.0.0.0', '::', '[::1]', '127.0.0.1'),
});

const mount = some<MountModel>({
  type: fc.constantFrom('bind', 'volume', 'tmpfs', 'npipe', 'cluster', 'image'),
  source: paths,
  target: paths,
  read_only: fc.boolean(),
});

const condition = fc.constantFrom('service_started', 'service_healthy', 'service_completed_successfully');

const service = some<ServiceModel>({
  image,
  build: fc.constant({ context: '.' }),
  container_name: key,
  ports: fc.array(port, { maxLength: 3 }),
  volumes: fc.array(mount, { maxLength: 3 }),
  tmpfs: fc.array(paths, { maxLength: 2 }),
  environment: dictionary(fc.option(fc.string())),
  healthcheck: some({ test: fc.array(word('NONE', 'CMD')), disable: fc.boolean() }),
  depends_on: dictionary(some({ condition, required: fc.boolean() })),
  network_mode: word('host', 'bridge', 'none', 'service:db'),
  pid: word('host'),
  ipc: word('host'),
  privileged: fc.boolean(),
  cap_add: fc.array(word('ALL', 'cap_sys_admin')),
  profiles: fc.array(fc.string()),
  restart: word('no', 'always'),
  deploy: some({ replicas: fc.nat(3), restart_policy: dictionary(fc.string()) }),
  scale: fc.nat(3),
  volumes_from: fc.array(key),
  'x-gitops': fc.anything(),
});

const resource = some<{ name: string; external: boolean; driver: string; driver_opts: Record<string, string> }>({
  name: key,
  external: fc.boolean(),
  driver: word('local'),
  driver_opts: fc.dictionary(word('o', 'device', 'type'), word('bind', '/run', 'none'), { noNullPrototype: false }),
});

const model: fc.Arbitrary<ProjectModel> = some<ProjectModel>({
  services: dictionary(service),
  networks: dictionary(resource),
  volumes: dictionary(resource),
});

const project: fc.Arbitrary<ComposeProject> = fc.record({
  name: word('shop', 'blog'),
  model,
  placeOf: fc.constant(() => ({ file: 'compose.yaml', line: 1, column: 1 })),
});

const stack: fc.Arbitrary<StackOfEnvironment> = fc.record({
  project,
  spec: fc.constant({ name: 'shop', folder: '', target: 'docker' }),
  target: fc.constantFrom(target, { ...target, name: 'other' }, { ...target, host: 'other.example.com' }),
  environment: fc.constantFrom('production', 'staging'),
});

/** Everything that a person reads is there, and the rule is one of ours, as grave as it says. */
function expectSound(findings: readonly Finding[]): void {
  const rules = new Map(Object.entries(COMPOSE_LINT_RULES));
  for (const { rule, severity, message, remedy } of findings) {
    expect(severity).toBe(rules.get(rule)?.level);
    expect([message, remedy]).not.toContain('');
  }
}

test('whatever a project says, its findings are sound', () => {
  fc.assert(fc.property(stack, (any) => expectSound(lintStack(any))));
});

test('whatever stacks stand beside each other, their findings are sound, and one alone has none', () => {
  fc.assert(
    fc.property(fc.array(stack, { maxLength: 4 }), (stacks) => {
      expectSound(lintTogether(stacks));
      for (const each of stacks) expect(lintTogether([each])).toEqual([]);
    }),
  );
});

test('whatever a project becomes, the findings are sound, and what stays as it is has none', () => {
  fc.assert(
    fc.property(project, project, (before, after) => {
      expectSound(lintChange(before, after));
      expect(lintChange(before, before)).toEqual([]);
    }),
  );
});
