import { posix } from 'node:path';
import type { DockerTarget, Environment, Finding, ProbeSpec, StackSpec } from '../model.ts';
import { suggestion } from './closed-object.ts';
import type { EnvironmentFile, Read } from './read-configuration.ts';

type StackEntry = NonNullable<EnvironmentFile['stacks']>[number];
type ProbeEntry = EnvironmentFile['health']['probes'][number];

/** Where an environment's files lie, and what it is called. */
export interface EnvironmentPlace {
  readonly repositoryName: string;
  readonly name: string;
  /** e.g. `environments/production`. */
  readonly folder: string;
}

/** Checks what no schema can, names of targets and paths of stacks, and fills in what is left out. */
export function assembleEnvironment(
  place: EnvironmentPlace,
  read: Read<EnvironmentFile>,
): { readonly environment?: Environment; readonly findings: readonly Finding[] } {
  const { value } = read;
  const target = value && onlyTarget(value);
  if (!value || !target) return { findings: read.findings };
  const entry = value.stacks?.[0];
  const stack = stackSpec(place, entry, target);
  const findings = entry ? stackFindings(read, stack, target) : [];
  if (findings.length > 0) return { findings };
  const { deadline, stability, confirmTimeout, probes } = value.health;
  const environment = {
    repositoryName: place.repositoryName,
    name: place.name,
    ...(value.branch === undefined ? {} : { branch: value.branch }),
    target,
    stack,
    health: {
      deadlineMs: deadline,
      stabilityMs: stability,
      confirmTimeoutMs: confirmTimeout,
      probes: probes.map(probeSpec),
    },
    retention: value.retention,
  };
  return { environment, findings };
}

function onlyTarget(value: EnvironmentFile): DockerTarget | undefined {
  const [first] = Object.entries(value.targets);
  if (!first) return undefined;
  const [name, { kind, host, port, user, stateDir, jump }] = first;
  const hops = jump?.map((hop) => ({ ...hop, user: hop.user ?? user }));
  return { kind, name, host, port, user, stateDir, ...(hops && { jump: hops }) };
}

function stackSpec(place: EnvironmentPlace, entry: StackEntry | undefined, target: DockerTarget): StackSpec {
  const folder = posix.join(place.folder, entry?.path ?? '.').replace(/\/$/, '');
  return {
    name: entry?.name ?? `${place.repositoryName}-${place.name}`,
    folder: folder === '.' ? '' : folder,
    target: entry?.target ?? target.name,
  };
}

function stackFindings(read: Read<EnvironmentFile>, stack: StackSpec, target: DockerTarget): Finding[] {
  const { source, value } = read;
  const path = value?.stacks?.[0]?.path ?? '.';
  const findingAt = (key: string, rule: string, message: string, remedy: string): Finding => {
    const position = source.root?.at(['stacks', 0, key])?.position;
    return { rule, severity: 'error', file: source.file, ...position, message, remedy };
  };
  const findings: Finding[] = [];
  if (posix.isAbsolute(path) || stack.folder === '..' || stack.folder.startsWith('../')) {
    const remedy = 'write a path relative to this file that stays in the repository';
    findings.push(findingAt('path', 'config/path-outside', `\`${path}\` leaves the repository`, remedy));
  }
  if (stack.target !== target.name) {
    const message = `there is no target \`${stack.target}\``;
    findings.push(findingAt('target', 'config/unknown-target', message, suggestion(stack.target, [target.name])));
  }
  return findings;
}

function probeSpec({ name, http, tcp = '', expect }: ProbeEntry): ProbeSpec {
  if (http === undefined) {
    const separator = tcp.lastIndexOf(':');
    const host = tcp.slice(0, separator).replace(/^\[(.*)\]$/, '$1');
    return { name, kind: 'tcp', host, port: Number(tcp.slice(separator + 1)) };
  }
  const status = expect?.status === undefined ? {} : { status: expect.status };
  const body = expect?.body === undefined ? {} : { body: expect.body };
  return { name, kind: 'http', url: http, ...status, ...body };
}
