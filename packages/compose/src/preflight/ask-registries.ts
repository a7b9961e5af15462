import type { Finding, RegistryLogin } from '@gitops/core';
import { type Connection, PROGRAMS, splitParts } from '@gitops/host';
import pMap from 'p-map';
import { failureWords } from '../docker-words.ts';
import { registryOf } from '../image-registry.ts';
import { type PullFailure, pullFailureKind, pullFailureMeaning, pullFailureRemedy } from '../pull-failure.ts';
import { configurationFor } from '../registries.ts';
import type { HostFacts } from './host-facts.ts';
import { foundAt } from './host-findings.ts';
import type { Asked, AskedImage } from './questions.ts';

const ASK_SECONDS = 20;
const SIDE_BY_SIDE = 3;

export interface RegistryQuestions {
  readonly connection: Connection;
  readonly logins: readonly RegistryLogin[];
  /** Where registries are written, for messages. */
  readonly environmentFile: string;
  readonly isInsecure: HostFacts['isInsecure'];
  readonly signal: AbortSignal;
}

/** Lets the host ask the registries of images whether they have them. Nothing is pulled, and no login stays there. */
export async function askRegistries(
  input: RegistryQuestions,
  images: readonly Asked<AskedImage>[],
): Promise<readonly Finding[]> {
  const found = await pMap(images, (asked) => askFor(input, asked), { concurrency: SIDE_BY_SIDE });
  return found.flat();
}

async function askFor(input: RegistryQuestions, asked: Asked<AskedImage>): Promise<readonly Finding[]> {
  const { reference } = asked.value;
  const { connection, logins, isInsecure, signal } = input;
  const registry = registryOf(reference);
  const login = logins.find(({ host }) => host === registry);
  const { stdout } = await connection.run({
    what: `ask ${registry} for ${reference}`,
    script: PROGRAMS.manifest,
    args: [String(ASK_SECONDS), reference, ...(isInsecure(registry) ? ['--insecure'] : [])],
    stdin: login ? configurationFor(login) : '',
    timeoutMs: (ASK_SECONDS + 20) * 1000,
    signal,
  });
  const parts = splitParts(stdout.toString('utf8'));
  const said = failureWords(parts.get('code') ?? '', parts.get('said') ?? '', ASK_SECONDS);
  return said === undefined ? [] : [judge(input, asked, { reference, said, ...(login && { login }) })];
}

/** What says that the image is not there for us; anything else says nothing of the image. */
const ABSENT: ReadonlySet<string> = new Set(['not-found', 'unauthorised', 'reference', 'platform', 'format']);

function judge(
  { connection, environmentFile }: RegistryQuestions,
  asked: Asked<AskedImage>,
  failure: PullFailure,
): Finding {
  const { reference, said, login } = failure;
  const meaning = pullFailureMeaning(failure);
  // Docker says so too where a registry wants a login first.
  const isAnonymous = pullFailureKind(said) === 'not-found' && !login;
  const logIn = `; if it is private, add a login for \`${registryOf(reference)}\` to \`registries:\` in ${environmentFile}`;
  const remedy = `${pullFailureRemedy(failure, environmentFile)}${isAnonymous ? logIn : ''}`;
  if (ABSENT.has(pullFailureKind(said))) {
    const message = `\`${reference}\` is not on ${connection.label}, and can't be pulled: ${meaning} (${said})`;
    return foundAt('host/image-missing', asked, message, remedy);
  }
  const message = `whether \`${reference}\` can be pulled is not known: ${meaning} (${said})`;
  return foundAt('host/registry-silent', asked, message, remedy);
}
