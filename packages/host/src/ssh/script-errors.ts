import { GitopsError } from '@gitops/core';

/** A script on a host: the part of every error of a command. */
export interface ScriptPlace {
  readonly what: string;
  /** `user@host:port` */
  readonly label: string;
}

/** The connection is gone, so nobody knows how the script ended, or whether it did. */
export function lostError(place: ScriptPlace, why: string, cause?: unknown): GitopsError {
  return new GitopsError('ssh-lost', {
    attempted: attempt(place),
    seen: `the connection was lost: ${why}; the script may still run on the host`,
    remedy: 'check that the host is up and reachable, look at its state, then run again',
    cause,
  });
}

/** The channel closed while the connection lives, without the marker that ends every script. */
export function killedError(place: ScriptPlace, seen: string): GitopsError {
  return new GitopsError('ssh-killed', {
    attempted: attempt(place),
    seen,
    remedy: 'look for what killed it on the host: `journalctl -k` for lack of memory, `last -x` for a shutdown',
  });
}

/** The channel closed before the script began: the login shell did not run what it was told to. */
export function notStartedError(place: ScriptPlace, seen: string): GitopsError {
  return new GitopsError('ssh-not-started', {
    attempted: attempt(place),
    seen,
    remedy:
      'give the user a POSIX login shell (no nologin, no ForceCommand of another program), with sh and setsid in PATH',
  });
}

/** The host would not open a channel, though the connection lives. */
export function channelError(place: ScriptPlace, cause: Error): GitopsError {
  return new GitopsError('ssh-channel', {
    attempted: attempt(place),
    seen: `the host opened no session: ${cause.message}`,
    remedy: 'check MaxSessions (10 by default) and PermitOpen in sshd_config, and the limit of processes of the user',
    cause,
  });
}

/** The script took longer than it may. */
export function deadlineError(place: ScriptPlace, timeoutMs: number, aftermath: string): GitopsError {
  return new GitopsError('ssh-deadline', {
    attempted: attempt(place),
    seen: `it did not end within ${timeoutMs / 1000} s; ${aftermath}`,
    remedy: 'check the load, the disk and the network of the host, then run again',
  });
}

/** What was to be sent to the script could not be read. */
export function inputError(place: ScriptPlace, cause: Error): GitopsError {
  return new GitopsError('ssh-input', {
    attempted: attempt(place),
    seen: `its input could not be read: ${cause.message}`,
    remedy: 'mend the cause on the side of the runner and run again',
    cause,
  });
}

/** `<what> on <user@host:port>` */
export function attempt(place: ScriptPlace): string {
  return `${place.what} on ${place.label}`;
}
