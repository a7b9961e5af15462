import { GitopsError } from '@gitops/core';
import { quote } from './shell-words.ts';

/*
 * The exit code of SSH is not enough: 255 is also a lost connection, and a noisy .bashrc writes into our output. So both
 * output streams are framed by marker lines with a nonce:
 *
 *   <nonce>-begin <pid>\n  what the script wrote, byte for byte  <nonce>-end <exit code>\n
 */

/** The text that starts a marker on both output streams. */
export function beginMarker(nonce: string): string {
  return `${nonce}-begin `;
}

export function endMarker(nonce: string): string {
  return `${nonce}-end `;
}

// `kill -0 -PID` succeeds only if a process group of that number exists, that is if this shell leads one. OpenSSH makes
// it so; a ForceCommand or another SSH server may not, and then a kill of the group would miss or hit too much.
const LEAD_A_GROUP = `frame=$1
shift
kill -0 -$$ 2>/dev/null || exec setsid sh -c "$frame" gitops "$@"
eval "$frame"`;

// A begin marker that cannot be written means that the runner has gone away: the script must not start then.
// Where sh is bash, an exported SHELLOPTS would bring the options of the user's .bashrc into it, e.g. `set -e`.
const FRAME = `set +eufCx
nonce=$1 script=$2
shift 2
{ printf '%s-begin %s\\n' "$nonce" $$ && printf '%s-begin %s\\n' "$nonce" $$ >&2; } || exit 1
sh +eufCx -c "$script" gitops "$@"
code=$?
printf '%s-end %s\\n' "$nonce" $code >&2
printf '%s-end %s\\n' "$nonce" $code`;

/**
 * What a Linux kernel takes as one argument (MAX_ARG_STRLEN), less its final NUL. sshd hands the whole command to the
 * login shell as one argument.
 */
const MAX_COMMAND_BYTES = 131_071;

/**
 * The command line to send over SSH for a script: one simple command of quoted words, which every POSIX login shell
 * and fish read alike, whatever aliases they have.
 *
 * @throws GitopsError `ssh-command-size` if it is longer than the host can take
 */
export function remoteCommand(nonce: string, script: string, args: readonly string[]): string {
  const command = quote(['exec', 'sh', '-c', LEAD_A_GROUP, 'gitops', FRAME, nonce, script, ...args]);
  const sizeBytes = Buffer.byteLength(command);
  if (sizeBytes > MAX_COMMAND_BYTES) throw sizeError(sizeBytes);
  return command;
}

function sizeError(sizeBytes: number): GitopsError {
  return new GitopsError('ssh-command-size', {
    attempted: 'send a script to the host',
    seen: `script and arguments take ${sizeBytes} bytes, more than the ${MAX_COMMAND_BYTES} that a Linux host takes`,
    remedy: 'send the bulk of it on standard input',
  });
}
