import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';
import type { Destination } from './relay.ts';

/** Stands before a registry and lets every blob end in the middle, as a broken cache or a load balancer does. */
export interface TruncatingProxy extends AsyncDisposable {
  readonly place: Destination;
  /** How many blobs were cut short. */
  readonly truncated: () => number;
}

const address = '127.0.0.1';

/** Starts a proxy; what it cuts short has said its whole length before. */
export async function startTruncatingProxy(registry: Destination): Promise<TruncatingProxy> {
  let truncated = 0;
  const server = createServer((asked, answer) => {
    forward(registry, asked, answer, (length) => {
      truncated += 1;
      return firstHalf(length, answer);
    });
  });
  server.listen(0, address);
  await once(server, 'listening');
  return {
    place: { host: address, port: (server.address() as AddressInfo).port },
    truncated: () => truncated,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function forward(
  { host, port }: Destination,
  asked: IncomingMessage,
  answer: ServerResponse,
  cutShort: (length: number) => Transform,
): void {
  const { method, url = '', headers } = asked;
  const onward = request({ host, port, method, path: url, headers }, (said) => {
    answer.writeHead(said.statusCode ?? 502, said.headers);
    const length = Number(said.headers['content-length']);
    const isBlob = method === 'GET' && /\/blobs\//.test(url) && length > 0;
    if (isBlob) said.pipe(cutShort(length)).pipe(answer, { end: false });
    else said.pipe(answer);
  });
  onward.on('error', () => answer.destroy());
  asked.pipe(onward);
}

/** Lets half of a body pass and then ends the connection. */
function firstHalf(length: number, answer: ServerResponse): Transform {
  let left = Math.floor(length / 2);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const part = chunk.subarray(0, left);
      left -= part.length;
      if (part.length > 0) this.push(part);
      if (left === 0) answer.write('', () => answer.destroy());
      done();
    },
  });
}
