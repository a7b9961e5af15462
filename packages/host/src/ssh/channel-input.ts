import type { ClientChannel } from 'ssh2';
import type { RemoteScript } from './remote-script.ts';

/** Sends a script its standard input: a text, bytes, or a stream that is read as fast as the host takes it. */
export function feedChannel(
  channel: ClientChannel,
  stdin: RemoteScript['stdin'],
  endInput: boolean,
  onError: (error: Error) => void,
): void {
  if (stdin !== undefined && typeof stdin !== 'string' && !Buffer.isBuffer(stdin)) {
    stdin.once('error', onError);
    stdin.pipe(channel, { end: endInput });
    return;
  }
  if (stdin !== undefined) channel.write(stdin);
  if (endInput) channel.end();
}
