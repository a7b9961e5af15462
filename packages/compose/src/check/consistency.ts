import { At } from './at.ts';
import type { ComposeRule, Faults } from './faults.ts';
import { has, isMap, listOf, mapOf, type PlainMap } from './plain.ts';
import { type CheckedService, conflict, limits, replicas } from './service-conflicts.ts';
import { suggested } from './suggested.ts';

/** What Compose checks when all is merged, in one service. `services` are those whose profiles are active. */
export function serviceFaults(name: string, project: PlainMap, services: ReadonlySet<string>, faults: Faults): void {
  const all = mapOf(project['services']);
  const service = mapOf(all[name]);
  const at = At.root(project, faults).below(project, 'services').below(all, name);
  const checked = { at, service, project, services };
  for (const check of CHECKS) check(checked);
}

interface Checked extends CheckedService {
  readonly project: PlainMap;
  readonly services: ReadonlySet<string>;
}

const CHECKS: readonly ((checked: Checked) => void)[] = [
  image,
  dockerfiles,
  platforms,
  networks,
  healthcheck,
  dependencies,
  volumes,
  files,
  replicas,
  limits,
  watches,
];

function image({ at, service }: Checked): void {
  if (service['image'] || isMap(service['build']) || isMap(service['provider'])) return;
  const remedy = 'add `image:` or `build:`';
  at.faults.add('compose/no-image', { in: at.in, step: at.step, atKey: true }, `\`${at.name}\` has no image`, remedy);
}

function dockerfiles({ at, service }: Checked): void {
  const build = mapOf(service['build']);
  if (build['dockerfile'] && build['dockerfile_inline']) {
    conflict(
      at,
      at.below(service, 'build').below(build, 'dockerfile_inline'),
      ['dockerfile', 'dockerfile_inline'],
      'keep one of them',
    );
  }
}

function platforms({ at, service }: Checked): void {
  const { platform } = service;
  const platforms = listOf(mapOf(service['build'])['platforms']);
  if (!platform || platforms.length === 0 || platforms.includes(platform)) return;
  at.below(service, 'platform').refuse('compose/conflict', '`build.platforms` does not name it', 'add it there');
}

function networks({ at, service, project }: Checked): void {
  const own = mapOf(service['networks']);
  if (service['network_mode'] && Object.keys(own).length > 0) {
    conflict(at, at.below(service, 'network_mode'), ['network_mode', 'networks'], 'keep one of them');
    return;
  }
  for (const network of Object.keys(own)) {
    undefinedName('network', network, at.below(service, 'networks').below(own, network), mapOf(project['networks']));
  }
}

function healthcheck({ at, service }: Checked): void {
  const health = mapOf(service['healthcheck']);
  const [first] = listOf(health['test']);
  if (first === undefined || first === 'CMD' || first === 'CMD-SHELL' || first === 'NONE') return;
  const remedy = 'write `["CMD", …]`, `["CMD-SHELL", "…"]`, or the command as one text';
  const test = at.below(service, 'healthcheck').below(health, 'test');
  const message = `\`${test.name}\` begins with ${at.faults.shown({ in: listOf(health['test']), step: 0 })}, which is none of CMD, CMD-SHELL and NONE`;
  at.faults.add('compose/bad-value', test, message, remedy);
}

function dependencies({ at, service, project, services }: Checked): void {
  const dependsOn = mapOf(service['depends_on']);
  const all = mapOf(project['services']);
  for (const [name, how] of Object.entries(dependsOn)) {
    if (services.has(name)) continue;
    const isOptional = mapOf(how)['required'] === false;
    if (has(all, name) && isOptional) continue;
    if (has(all, name)) inactive(name, at, dependsOn, all);
    else undefinedDependency(name, at, dependsOn, all);
  }
}

function undefinedDependency(name: string, at: At, dependsOn: PlainMap, all: PlainMap): void {
  const message = `\`${at.name}\` depends on the service \`${name}\`, which is not defined`;
  const remedy = suggested(name, Object.keys(all), 'define it below `services:`');
  at.faults.add('compose/undefined-service', { in: dependsOn, step: name, atKey: true }, message, remedy);
}

function inactive(name: string, at: At, dependsOn: PlainMap, all: PlainMap): void {
  const profiles = listOf(mapOf(all[name])['profiles']).map((profile) => `\`${profile}\``);
  const message = `\`${at.name}\` depends on \`${name}\`, which runs in profile ${profiles.join(', ')} only`;
  const remedy = `give both the same profile, or write \`required: false\` for \`${name}\``;
  at.faults.add('compose/undefined-service', { in: dependsOn, step: name, atKey: true }, message, remedy);
}

function volumes({ at, service, project }: Checked): void {
  const mounts = listOf(service['volumes']);
  for (const [index, mount] of mounts.entries()) {
    const { type, source } = mapOf(mount);
    if (type !== 'volume' || typeof source !== 'string' || source === '') continue;
    const list = at.below(service, 'volumes');
    undefinedName('volume', source, list.below(mounts, index), mapOf(project['volumes']));
  }
}

function files({ at, service, project }: Checked): void {
  const uses = [
    ['secret', service, 'secrets'],
    ['config', service, 'configs'],
    ['secret', mapOf(service['build']), 'secrets'],
  ] as const;
  const models = mapOf(service['models']);
  for (const name of Object.keys(models)) {
    undefinedName('model', name, at.below(service, 'models').below(models, name), mapOf(project['models']));
  }
  for (const [kind, owner, key] of uses) {
    const list = listOf(owner[key]);
    for (const [index, use] of list.entries()) {
      const { source } = mapOf(use);
      undefinedName(kind, String(source ?? ''), at.below(owner, key).below(list, index), mapOf(project[`${kind}s`]));
    }
  }
}

function watches({ at, service }: Checked): void {
  const develop = mapOf(service['develop']);
  const watched = listOf(develop['watch']);
  for (const [index, watch] of watched.entries()) {
    const { action, target } = mapOf(watch);
    if (action === 'rebuild' || action === 'restart' || target) continue;
    const place = at.below(service, 'develop').below(develop, 'watch').below(watched, index);
    at.faults.add('compose/missing-key', place, `\`${place.name}\` has no \`target\``, 'add `target:`');
  }
}

function undefinedName(
  kind: 'network' | 'volume' | 'secret' | 'config' | 'model',
  name: string,
  at: At,
  known: PlainMap,
): void {
  if (has(known, name)) return;
  const rule: ComposeRule = `compose/undefined-${kind}`;
  const message = `\`${at.name}\` names the ${kind} \`${name}\`, which is not defined`;
  at.faults.add(
    rule,
    { in: at.in, step: at.step, atKey: true },
    message,
    suggested(name, Object.keys(known), `define it below \`${kind}s:\``),
  );
}
