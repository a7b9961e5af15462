import type { Finding, Place, RegistryLogin } from '@gitops/core';
import type { Connection } from '@gitops/host';
import { registryOf } from '../image-registry.ts';
import type { LintedStack } from '../lint/index.ts';
import { spaceWarnings } from '../space.ts';
import { askHost } from './ask-host.ts';
import { askRegistries } from './ask-registries.ts';
import { hostFindings, machineFindings, missingImages } from './host-findings.ts';
import { questionsFor } from './questions.ts';

export interface PreflightInput {
  readonly connection: Connection;
  /** All stacks of the target. */
  readonly stacks: readonly LintedStack[];
  readonly stateDir: string;
  /** Where environment.yml names the host. */
  readonly place: Place;
  readonly logins: readonly RegistryLogin[];
  /** Whether the host may ask a registry about an image. */
  readonly mayAsk: (registry: string, reference: string) => boolean;
  readonly signal: AbortSignal;
}

/** Says what a host lacks of what is to run on it. Read-only: it makes nothing, pulls nothing and leaves nothing there. */
export async function preflight(input: PreflightInput): Promise<readonly Finding[]> {
  const { connection, stacks, stateDir, place, mayAsk } = input;
  const { label } = connection;
  const questions = questionsFor(stacks);
  const facts = await askHost(connection, stateDir, questions);
  const images = missingImages(questions, facts).filter(({ value: { reference } }) =>
    mayAsk(registryOf(reference), reference),
  );
  const asking = { ...input, environmentFile: place.file, isInsecure: facts.isInsecure };
  const warnings = spaceWarnings(label, { ...facts.space, isAsked: facts.hasDocker });
  return [
    ...machineFindings({ facts, label, stateDir, warnings }, place),
    ...hostFindings(label, questions, facts),
    ...(await askRegistries(asking, images)),
  ];
}
