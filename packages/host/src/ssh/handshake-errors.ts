import { GitopsError } from '@gitops/core';
import { fingerprint, type HostKey } from './host-key.ts';
import { knownHostsName, type PinnedKeys } from './known-hosts.ts';

/** Who connects where: the part of every error of a handshake. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly connectTimeoutMs: number;
}

/** `user@host:port` */
export function describeLogin(login: Login): string {
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

export function authenticationError(login: Login, publicKey: Buffer, cause: unknown): GitopsError {
  return new GitopsError('ssh-authentication', {
    attempted: attempt(login),
    seen: `the host refused the key ${fingerprint(publicKey)} for the user ${login.user}`,
    remedy: `add its public key to ~${login.user}/.ssh/authorized_keys on the host (\`ssh-keygen -lf\` there shows which are in), or give the key that is there`,
    cause,
  });
}

/** The key the host showed is not one to accept: unknown, other than the pinned ones, or revoked. */
export function hostKeyError(login: Login, offered: HostKey, pinned: PinnedKeys, revoked: boolean): GitopsError {
  if (revoked) return revokedError(login, offered, pinned);
  return pinned.keys.length > 0 ? changedError(login, offered, pinned) : unknownError(login, offered, pinned);
}

/** The host has no key of a pinned type at all, so the handshake ends before it shows one. */
export function noPinnedTypeError(login: Login, pinned: PinnedKeys, cause: unknown): GitopsError {
  return new GitopsError('ssh-host-key-changed', {
    attempted: attempt(login),
    seen: `the host has no key of a type that ${pinned.source} pins (${describeKeys(pinned.keys)})`,
    remedy: changedRemedy(login, pinned),
    cause,
  });
}

function unknownError(login: Login, offered: HostKey, pinned: PinnedKeys): GitopsError {
  const name = knownHostsName(login.host, login.port);
  const certificates = `; its ${pinned.certificateAuthorities} @cert-authority lines are not used, as host certificates are not supported`;
  return new GitopsError('ssh-host-key-unknown', {
    attempted: attempt(login),
    seen: `${pinned.source} has no key for ${name}${pinned.certificateAuthorities > 0 ? certificates : ''}; the host shows ${describeKey(offered)}`,
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

function attempt(login: Login): string {
  return `connect to ${describeLogin(login)}`;
}
