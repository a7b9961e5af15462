import { posix } from 'node:path';
import type { DockerTarget, Environment, Finding, StackSpec } from '../model.ts';
import type { Authorities } from './probe-authorities.ts';
import { probeFindings } from './probe-findings.ts';
import { probeSpec } from './probe-spec.ts';
import type { EnvironmentFile, Read } from './read-configuration.ts';
import { registryFindings, registrySpecs } from './registry-findings.ts';
import { stackFindings } from './stack-findings.ts';

type StackEntry = NonNullable<EnvironmentFile['stacks']>[number];

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
  authorities: Authorities,
): { readonly environment?: Environment; readonly findings: readonly Finding[] } {
  const { value } = read;
  if (!value) return { findings: read.findings };
  const targets = targetsOf(value);
  const stacks = (value.stacks ?? [undefined]).map((entry) => stackSpec(place, entry, targets));
  const findings = [
    ...stackFindings(read, stacks, targets),
    ...probeFindings(read),
    ...registryFindings(read),
    ...authorities.findings,
  ];
  if (findings.some(({ severity }) => severity === 'error')) return { findings };
  const { deadline, stability, confirmTimeout, probes } = value.health;
  const environment = {
    repositoryName: place.repositoryName,
    name: place.name,
    ...(value.branch === undefined ? {} : { branch: value.branch }),
    targets,
    stacks,
    health: {
      deadlineMs: deadline,
      stabilityMs: stability,
      confirmTimeoutMs: confirmTimeout,
      probes: probes.map((probe) => probeSpec(probe, authorities.texts)),
    },
    retention: value.retention,
    ...(value.approvals !== undefined && { approvals: value.approvals }),
    ...(value.registries !== undefined && { registries: registrySpecs(read) }),
  };
  return { environment, findings };
}

function targetsOf(value: EnvironmentFile): readonly DockerTarget[] {
  return Object.entries(value.targets)
    .map(([name, { jump, docker, ...target }]): DockerTarget => {
      const hops = jump?.map((hop) => ({ ...hop, user: hop.user ?? target.user }));
      return { name, ...target, ...(hops && { jump: hops }), ...(docker !== undefined && { docker }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The only target is the one that is meant where none is named. */
function stackSpec(
  place: EnvironmentPlace,
  entry: StackEntry | undefined,
  targets: readonly DockerTarget[],
): StackSpec {
  const folder = pathFrom(place, entry?.path ?? '.');
  const [only] = targets.length === 1 ? targets : [];
  return {
    name: entry?.name ?? `${place.repositoryName}-${place.name}`,
    folder,
    target: entry?.target ?? only?.name ?? '',
    ...(entry?.secrets !== undefined && { secrets: pathFrom(place, entry.secrets) }),
  };
}

/** Relative to the root of the repository, whose own path is `''`. */
function pathFrom({ folder }: EnvironmentPlace, written: string): string {
  const path = posix.join(folder, written).replace(/\/$/, '');
  return path === '.' ? '' : path;
}
