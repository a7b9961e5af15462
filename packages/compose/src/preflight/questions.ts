import { hostMounts } from '../lint/host-paths.ts';
import type { LintedStack } from '../lint/index.ts';
import { usedResources } from '../lint/resources.ts';
import { deployedServices, type NamedService } from '../lint/services.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { type PortClaim, portClaims } from '../port-claims.ts';

/** A value of a project, and where it is written. */
export interface Asked<Value> {
  readonly stack: LintedStack;
  readonly at: readonly (string | number)[];
  readonly value: Value;
}

/** An image that a service runs. */
export interface AskedImage {
  readonly reference: string;
  /** What a deployment makes of it where it is missing. */
  readonly ifMissing: 'pulled' | 'refused' | 'unknown';
}

export interface AskedResource {
  readonly kind: 'network' | 'volume';
  readonly name: string;
}

/** What the stacks of a target take from its host, as far as their files tell. Pure. */
export interface Questions {
  /** Absolute sources of mounts. */
  readonly paths: readonly Asked<string>[];
  readonly ports: readonly Asked<PortClaim>[];
  readonly images: readonly Asked<AskedImage>[];
  /** What is said to exist already. */
  readonly externals: readonly Asked<AskedResource>[];
}

/** `stacks` are all that one target runs. */
export function questionsFor(stacks: readonly LintedStack[]): Questions {
  return {
    paths: stacks.flatMap(pathsOf).filter(({ value }) => isKnown(value)),
    ports: stacks.flatMap((stack) => ofServices(stack, portsOf)),
    images: stacks.flatMap((stack) => ofServices(stack, imagesOf)).filter(({ value }) => isKnown(value.reference)),
    externals: externalsOf(stacks).filter(({ value }) => isKnown(value.name)),
  };
}

/** What the program `preflight` reads. */
export function linesFor({ paths, ports, images }: Questions): string {
  const lines = [
    ...paths.map(({ value }) => `path ${value}`),
    ...ports.map(({ value: { port } }) => `port ${port.protocol} ${port.first}`),
    ...images.map(({ value }) => `image ${value.reference}`),
  ];
  return [...new Set(lines)].map((line) => `${line}\n`).join('');
}

/** Without the key of an encrypted file its values are not known; and a line is a line. */
function isKnown(value: string): boolean {
  return value !== '' && !value.includes(UNKNOWN_VALUE) && !/\p{Cc}/u.test(value);
}

type Part<Value> = Pick<Asked<Value>, 'at' | 'value'>;

function ofServices<Value>(
  stack: LintedStack,
  partsOf: (service: NamedService, stack: LintedStack) => readonly Part<Value>[],
): readonly Asked<Value>[] {
  return deployedServices(stack.project).flatMap((service) =>
    partsOf(service, stack).map(({ at, value }) => ({ stack, at: ['services', service.name, ...at], value })),
  );
}

function pathsOf(stack: LintedStack): readonly Asked<string>[] {
  const deployed = new Set(deployedServices(stack.project).map(({ name }) => name));
  return hostMounts(stack.project)
    .filter(({ service }) => deployed.has(service))
    .map(({ service, index, path }) => ({ stack, at: ['services', service, 'volumes', index], value: path }));
}

function portsOf({ service }: NamedService): readonly Part<PortClaim>[] {
  return portClaims(service).map((claim) => ({ at: ['ports', claim.index], value: claim }));
}

/** What is only built has the name that Compose gives it, and is in no registry. */
function imagesOf({ name, service }: NamedService, { project }: LintedStack): readonly Part<AskedImage>[] {
  const { image, build, pull_policy: policy } = service;
  const reference = image ?? (build ? `${project.name}-${name}` : '');
  const isRefused = image === undefined || policy === 'never' || image.startsWith('sha256:');
  // Whoever builds it by hand may well have it in no registry.
  const ifMissing = isRefused ? 'refused' : policy === 'build' ? 'unknown' : 'pulled';
  return [{ at: image === undefined ? ['build'] : ['image'], value: { reference, ifMissing } }];
}

/** A stack before it may make what a later one takes for given. */
function externalsOf(stacks: readonly LintedStack[]): readonly Asked<AskedResource>[] {
  return (['network', 'volume'] as const).flatMap((kind) => {
    const all = stacks.flatMap((stack) =>
      usedResources(stack.project, `${kind}s`).map((resource) => ({ stack, resource })),
    );
    const made = new Set(all.filter(({ resource }) => !resource.external).map(({ resource }) => resource.name));
    return all
      .filter(({ resource }) => resource.external && !made.has(resource.name))
      .map(({ stack, resource: { key, name } }) => ({ stack, at: [`${kind}s`, key], value: { kind, name } }));
  });
}
