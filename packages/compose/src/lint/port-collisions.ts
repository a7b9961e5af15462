import type { Finding } from '@gitops/core';
import { showPort } from '../host-ports.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { collisions, type PortClaim, portClaims } from '../port-claims.ts';
import { replicasOf } from '../roles.ts';
import { found } from './found.ts';
import { areDeployedTogether, type LintedStack, type StackOfEnvironment } from './linted-stack.ts';
import { persistentServices } from './services.ts';

/** A claim, and who makes it. */
interface LintedClaim<Stack extends LintedStack = LintedStack> extends PortClaim {
  readonly stack: Stack;
  readonly service: string;
  readonly containers: number;
}

function claimsOf<Stack extends LintedStack>(stack: Stack): readonly LintedClaim<Stack>[] {
  return persistentServices(stack.project).flatMap(({ name, service }) =>
    portClaims(service)
      .filter(({ port }) => !port.address.includes(UNKNOWN_VALUE))
      .map((claim) => ({ ...claim, stack, service: name, containers: replicasOf(service) })),
  );
}

type PortRule = 'compose/port-collision' | 'compose/shared-port';

/** Ports that a stack asks for twice. */
export function portFindings(stack: LintedStack): readonly Finding[] {
  const claims = claimsOf(stack);
  return [
    ...claims.flatMap((claim) => (claim.containers > 1 ? [scaled(claim)] : [])),
    ...collisions(claims).map(({ claim, earlier }) => {
      const isOwn = claim.service === earlier.service;
      return collision('compose/port-collision', claim, isOwn ? 'for another port of it' : `by \`${earlier.service}\``);
    }),
  ];
}

/** Ports that several stacks of one host ask for. */
export function portFindingsTogether(stacks: readonly StackOfEnvironment[]): readonly Finding[] {
  const claims = stacks.flatMap((stack) => claimsOf(stack));
  // What is wrong within a stack is said of the stack by itself.
  const ofTwoStacks = collisions(claims, (a, b) => a.stack !== b.stack);
  return ofTwoStacks.map(({ claim, earlier }) => {
    const { project, environment } = earlier.stack;
    if (areDeployedTogether(claim.stack, earlier.stack)) {
      const by = `by \`${earlier.service}\` of the stack \`${project.name}\``;
      return collision('compose/port-collision', claim, by);
    }
    return collision('compose/shared-port', claim, `by \`${earlier.service}\` of ${environment} on the same host`);
  });
}

function collision(rule: PortRule, claim: LintedClaim, by: string): Finding {
  const message = `the port ${showPort(claim.port)} of \`${claim.service}\` is published ${by}, too`;
  return at(rule, claim, message, 'publish another port of the host, or each on an address of its own');
}

function scaled(claim: LintedClaim): Finding {
  const { port, service, containers } = claim;
  const message = `${containers} containers of \`${service}\` ask for the port ${showPort(port)}, and one gets it`;
  const remedy = `publish a range, as in \`${port.first}-${port.first + containers - 1}:…\`, or put a proxy before them`;
  return at('compose/port-collision', claim, message, remedy);
}

function at(rule: PortRule, { stack, service, index }: LintedClaim, message: string, remedy: string): Finding {
  return found(rule, stack.project, ['services', service, 'ports', index, 'published'], message, remedy);
}
