import type { RegistryLogin } from '@gitops/core';
import { registryOf } from './image-registry.ts';

/** Why an image could not be pulled. */
export type PullFailureKind =
  | 'unauthorised'
  | 'not-found'
  | 'rate-limit'
  | 'no-space'
  | 'platform'
  | 'format'
  | 'unknown-host'
  | 'refused'
  | 'timeout'
  | 'tls'
  | 'unreachable'
  | 'registry-fault'
  | 'reference'
  | 'other';

/**
 * What Docker 20.10 to 29 say, with and without containerd's image store, and what registries put into their words. The
 * first that fits counts: an error that wraps another one is told by what is most special in it.
 */
const SAYINGS: readonly (readonly [kind: PullFailureKind, words: RegExp])[] = [
  ['no-space', /no space left on device|disk quota exceeded|not enough space/i],
  ['rate-limit', /toomanyrequests|too many requests|\b429\b|pull rate limit/i],
  ['reference', /invalid reference format|invalid repository name|repository name must be lowercase/i],
  [
    'platform',
    /no matching manifest for|no match for platform|does not match the specified platform|cannot be used on this platform|does not provide the specified platform/i,
  ],
  [
    'format',
    /schema 1.*(?:support|removed)|media ?type.*(?:no longer supported|unsupported|should be)|unsupported (?:manifest )?media ?type|manifest schema unsupported|missing signature key|invalid manifest/i,
  ],
  ['tls', /x509:|tls: |certificate|server gave HTTP response to HTTPS client|first record does not look like a TLS/i],
  ['unknown-host', /no such host|name resolution|server misbehaving|lookup \S+(?: on \S+)?:/i],
  ['refused', /connection refused/i],
  [
    'timeout',
    /i\/o timeout|handshake timeout|Client\.Timeout|request canceled|deadline exceeded|timed out|no end after/i,
  ],
  ['unreachable', /no route to host|network is unreachable|connection reset|broken pipe|\bEOF\b/i],
  [
    'unauthorised',
    /unauthori[sz]ed|no basic auth credentials|access denied|access forbidden|authentication required|authorization failed|insufficient_scope|failed to authorize|incorrect username or password|\bdenied\b|\b40[13]\b|forbidden/i,
  ],
  [
    'not-found',
    /manifest unknown|no such manifest|name unknown|not known to registry|not found|does not exist|\b404\b/i,
  ],
  ['registry-fault', /\b50[0234]\b|internal server error|bad gateway|service unavailable|gateway time-?out/i],
];

/** Which of the known failures the words of `docker pull` tell of. */
export function pullFailureKind(said: string): PullFailureKind {
  return SAYINGS.find(([, words]) => words.test(said))?.[0] ?? 'other';
}

/** One image that could not be pulled. */
export interface PullFailure {
  readonly reference: string;
  /** What `docker pull` said, on one line. */
  readonly said: string;
  /** What the registry was told, if environment.yml has a login for it. */
  readonly login?: RegistryLogin;
}

/** What it means, in one line: `the registry ghcr.io refused the login of …`. */
export function pullFailureMeaning(failure: PullFailure): string {
  const registry = registryOf(failure.reference);
  const meanings: Readonly<Record<PullFailureKind, string>> = {
    unauthorised: failure.login
      ? `${registry} does not accept the login of ${failure.login.source}, or it may not read this image`
      : `${registry} wants a login, or has no such image`,
    'not-found': `${registry} has no such image or tag`,
    'rate-limit': `${registry} takes no more pulls for now`,
    'no-space': "the disk of Docker's data is full",
    platform: "the image is not there for the host's processor",
    format: 'the image is in a format that this Docker does not take',
    'unknown-host': `the host can't find the address of ${registry}`,
    refused: `nobody answers at ${registry}`,
    timeout: `${registry} did not answer in time`,
    tls: `no secure connection to ${registry} comes about`,
    unreachable: `the connection to ${registry} does not come about or breaks`,
    'registry-fault': `${registry} has a fault of its own`,
    reference: 'this is no image reference',
    other: 'Docker could not pull it',
  };
  return meanings[pullFailureKind(failure.said)];
}

/** What to do next. `environmentFile` is where registries are written. */
export function pullFailureRemedy(failure: PullFailure, environmentFile: string): string {
  const registry = registryOf(failure.reference);
  const reach = `make it reachable from the host (\`curl -v https://${registry === 'docker.io' ? 'registry-1.docker.io' : registry}/v2/\` there)`;
  const remedies: Readonly<Record<PullFailureKind, string>> = {
    unauthorised: failure.login
      ? `correct user name and password of ${failure.login.source}, give the user the right to pull, and check the image name`
      : `add a login for \`${registry}\` to \`registries:\` in ${environmentFile}, or correct the image name`,
    'not-found': 'correct the image name or tag, or push it first',
    'rate-limit': failure.login
      ? 'wait, or use an account with a higher limit'
      : `wait, or add a login for \`${registry}\` to \`registries:\` in ${environmentFile}`,
    'no-space': 'see `docker system df` on the host and make room, e.g. with `docker image prune`',
    platform: "build the image for the host's platform too, or set `platform:` if the host can run it",
    format: 'push the image again with a current Docker',
    'unknown-host': `correct the registry's name, or the name resolution of the host`,
    refused: `start the registry, or ${reach}`,
    timeout: `${reach}; a proxy has to be set for the Docker daemon`,
    tls: `mend the registry's certificate, or let the host's Docker trust it: /etc/docker/certs.d/${registry}/ca.crt`,
    unreachable: reach,
    'registry-fault': 'run again later, or look at the registry',
    reference: 'correct `image:` in the Compose file',
    other: 'correct the image name or tag, or make the registry reachable from the host',
  };
  return remedies[pullFailureKind(failure.said)];
}
