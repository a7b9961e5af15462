import { GitopsError } from '@gitops/core';
import type { AcceptableKeys } from './acceptable-keys.ts';
import { fingerprint, type HostKey } from './host-key.ts';
import type { Identities, Identity } from './identities.ts';
import { knownHostsName, type PinnedKeys } from './known-hosts.ts';

/** Who connects where: the part of every error of a handshake. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly connectTimeoutMs: number;
  /** How this host stands on the way, for messages; empty for one that is reached directly. */
  readonly route: string;
}

/** `user@host:port` */
export function describeLogin(login: Pick<Login, 'user' | 'host' | 'port'>): string {
  return `${login.user}@${login.host}:${login.port}`;
}

export function silentError(login: Login, seen: string, cause?: unknown): GitopsError {
  return new GitopsError('ssh-silent', {
    attempted: attempt(login),
    seen,
    remedy: `check that port ${login.port} is sshd and not a proxy or another service, and look into its log (\`journalctl -u ssh\`): overload, MaxStartups and fail2ban look like this`,
    cause,
  });
}

export function protocolError(login: Login, seen: string, cause?: unknown): GitopsError {
  return new GitopsError('ssh-protocol', {
    attempted: attempt(login),
    seen,
    remedy: 'look into the log of sshd on the host (`journalctl -u ssh`); it names the algorithms or the rule',
    cause,
  });
}

/** The host took none of the keys, or hung up before all of them were tried. */
export function authenticationError(
  login: Login,
  tried: readonly Identity[],
  { toTry, passedOver }: Identities,
  cause: unknown,
): GitopsError {
  const untried = toTry.length - tried.length;
  const more = [
    ...(untried > 0 ? [`it hung up before the other ${untried} were tried (MaxAuthTries)`] : []),
    ...passedOver.map((problem) => problem.replace('Could not ', 'not tried: could not ')),
  ];
  return new GitopsError('ssh-authentication', {
    attempted: attempt(login),
    seen: [`the host refused ${describeIdentities(tried)} for the user ${login.user}`, ...more].join('; '),
    remedy:
      untried > 0
        ? 'name the one key that the host knows, as a file, so that no other is tried'
        : `add its public key to ~${login.user}/.ssh/authorized_keys on the host (\`ssh-keygen -lf\` there shows which are in), or give the key that is there`,
    cause,
  });
}

/** The agent was asked to sign, and time ran out before it did. */
export function agentSilentError(login: Login, cause: unknown): GitopsError {
  return new GitopsError('ssh-agent', {
    attempted: attempt(login),
    seen: `the ssh-agent did not sign within ${login.connectTimeoutMs / 1000} s`,
    remedy: 'see whether it waits for a confirmation, a touch or a password, or name a key file',
    cause,
  });
}

function describeIdentities(tried: readonly Identity[]): string {
  const keys = tried.map(({ publicKey, source }) => `${fingerprint(publicKey)} (${source})`);
  return `the key${keys.length === 1 ? '' : 's'} ${keys.join(', ')}`;
}

/** The key the host showed is not one to accept: unknown, other than the pinned ones, or revoked. */
export function hostKeyError(login: Login, offered: HostKey, pinned: AcceptableKeys, revoked: boolean): GitopsError {
  if (revoked) return revokedError(login, offered, pinned);
  return pinned.keys.length > 0 ? changedError(login, offered, pinned) : unknownError(login, offered, pinned);
}

/** The host has no key of a pinned type at all, so the handshake ends before it shows one. */
export function noPinnedTypeError(login: Login, pinned: AcceptableKeys, cause: unknown): GitopsError {
  if (pinned.certified) return certificateOnlyError(login, pinned.certified, cause);
  return new GitopsError('ssh-host-key-changed', {
    attempted: attempt(login),
    seen: `the host has no key of a type that ${pinned.source} pins (${describeKeys(pinned.keys)})`,
    remedy: changedRemedy(login, pinned),
    cause,
  });
}

function certificateOnlyError(login: Login, { type }: HostKey, cause: unknown): GitopsError {
  return new GitopsError('ssh-host-certificate', {
    attempted: attempt(login),
    seen: `the certificate of the host counts, but the host does not offer its key (${type}) without it`,
    remedy: 'add the algorithm without `-cert` to HostKeyAlgorithms in sshd_config of the host, or remove that line',
    cause,
  });
}

function unknownError(login: Login, offered: HostKey, pinned: AcceptableKeys): GitopsError {
  const name = knownHostsName(login.host, login.port);
  const fault = pinned.certificateFault === undefined ? '' : `; ${pinned.certificateFault}`;
  return new GitopsError('ssh-host-key-unknown', {
    attempted: attempt(login),
    seen: `${pinned.source} has no key for ${name}; the host shows ${describeKey(offered)}${fault}`,
    remedy: `${compare(offered)}; if they are the same, add this line to ${pinned.source}: ${name} ${offered.type} ${offered.blob.toString('base64')}`,
  });
}

function changedError(login: Login, offered: HostKey, pinned: PinnedKeys): GitopsError {
  return new GitopsError('ssh-host-key-changed', {
    attempted: attempt(login),
    seen: `the host shows ${describeKey(offered)}, but ${pinned.source} pins ${describeKeys(pinned.keys)}`,
    remedy: `${compare(offered)}; ${changedRemedy(login, pinned)}`,
  });
}

function revokedError(login: Login, offered: HostKey, { source }: PinnedKeys): GitopsError {
  return new GitopsError('ssh-host-key-revoked', {
    attempted: attempt(login),
    seen: `the host shows ${describeKey(offered)}, which ${source} marks @revoked`,
    remedy: 'trust nothing from this address until you know why; give the host new keys and pin those',
  });
}

function changedRemedy(login: Login, { source }: PinnedKeys): string {
  return `if the host was set up anew, replace its lines for ${knownHostsName(login.host, login.port)} in ${source}, else somebody may sit in between`;
}

function compare(offered: HostKey): string {
  return `compare it with \`ssh-keygen -lf ${publicKeyFile(offered.type)}\` on the host`;
}

/** Where sshd keeps the public key of a type, e.g. for `ssh-keygen -lf`. */
export function publicKeyFile(type: string): string {
  return `/etc/ssh/ssh_host_${type.replace(/^ssh-/, '').replace(/-.*$/, '')}_key.pub`;
}

function describeKeys(keys: readonly HostKey[]): string {
  return keys.map(describeKey).join(', ');
}

function describeKey(key: HostKey): string {
  return `${key.type} ${fingerprint(key.blob)}`;
}

/** `connect to <user@host:port>`, and through whom. */
export function attempt(login: Login): string {
  return `connect to ${describeLogin(login)}${login.route}`;
}
