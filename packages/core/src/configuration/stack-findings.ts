import { posix } from 'node:path';
import type { DockerTarget, Finding, StackSpec } from '../model.ts';
import { suggestion } from './closed-object.ts';
import type { EnvironmentFile, Read } from './read-configuration.ts';

/** What is wrong with stacks and targets beside each other. All of it is an error. */
export function stackFindings(
  read: Read<EnvironmentFile>,
  stacks: readonly StackSpec[],
  targets: readonly DockerTarget[],
): readonly Finding[] {
  return [
    ...sharedState(read, targets),
    ...stacks.flatMap((stack, index) => [
      ...leavingPath(read, index, 'path', stack.folder),
      ...leavingPath(read, index, 'secrets', stack.secrets),
      ...unknownTarget(read, stack, index, targets),
      ...repeated(read, stacks, index),
    ]),
  ];
}

function leavingPath(
  read: Read<EnvironmentFile>,
  index: number,
  key: 'path' | 'secrets',
  resolved: string | undefined,
): readonly Finding[] {
  const written = read.value?.stacks?.[index]?.[key];
  if (written === undefined || resolved === undefined) return [];
  if (!posix.isAbsolute(written) && resolved !== '..' && !resolved.startsWith('../')) return [];
  const remedy = 'write a path relative to this file that stays in the repository';
  const message = `\`${written}\` leaves the repository`;
  return [findingAt(read, ['stacks', index, key], 'config/path-outside', message, remedy)];
}

function unknownTarget(
  read: Read<EnvironmentFile>,
  { name, target }: StackSpec,
  index: number,
  targets: readonly DockerTarget[],
): readonly Finding[] {
  const names = targets.map((each) => each.name);
  if (names.includes(target)) return [];
  const at = ['stacks', index, 'target'] as const;
  if (target !== '') {
    return [
      findingAt(read, at, 'config/unknown-target', `there is no target \`${target}\``, suggestion(target, names)),
    ];
  }
  const which = `one of ${names.map((each) => `\`${each}\``).join(', ')}`;
  if (read.value?.stacks === undefined) {
    const message = `there are ${names.length} targets, and no stack says where it runs`;
    return [
      findingAt(
        read,
        ['targets'],
        'config/unknown-target',
        message,
        `add \`stacks\`, each with a \`target\`: ${which}`,
      ),
    ];
  }
  const message = `the stack \`${name}\` does not say on which target it runs`;
  return [findingAt(read, ['stacks', index], 'config/unknown-target', message, `add \`target:\` with ${which}`)];
}

/** Compose takes two stacks of one name for one project, and removes the one in favour of the other. */
function repeated(read: Read<EnvironmentFile>, stacks: readonly StackSpec[], index: number): readonly Finding[] {
  const stack = stacks[index];
  const isTwin = (each: StackSpec) => each.name === stack?.name && each.target === stack.target;
  if (!stack || stacks.findIndex(isTwin) === index) return [];
  const message = `there is another stack \`${stack.name}\` on the target \`${stack.target}\``;
  return [
    findingAt(read, ['stacks', index, 'name'], 'config/repeated-stack', message, 'give each stack a name of its own'),
  ];
}

/** Two targets that keep their records in one folder would take each other for strays. */
function sharedState(read: Read<EnvironmentFile>, targets: readonly DockerTarget[]): readonly Finding[] {
  const place = ({ host, port, stateDir }: DockerTarget) => `${host.toLowerCase()}:${port}:${stateDir}`;
  const twins = targets.filter((target, index) => targets.findIndex((each) => place(each) === place(target)) !== index);
  return twins.map(({ name, host, stateDir }) => {
    const message = `\`${name}\` is the same host and folder as another target (${host}, ${stateDir})`;
    return findingAt(read, ['targets', name], 'config/repeated-target', message, 'put its stacks on that other target');
  });
}

function findingAt(
  { source }: Read<EnvironmentFile>,
  path: readonly (string | number)[],
  rule: string,
  message: string,
  remedy: string,
): Finding {
  const position = source.root?.at(path)?.position;
  return { rule, severity: 'error', file: source.file, ...position, message, remedy };
}
