import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** One request. */
export interface Seen {
  readonly url: string;
  readonly authorization: string | undefined;
}

/** What a server answers: its body says what it was asked. */
export interface PlainAnswer {
  readonly status: number;
  readonly location?: string;
}

/** A server that answers by path, and keeps what it was asked. */
export async function serving(answers: (request: IncomingMessage) => PlainAnswer) {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    seen.push({ url: request.url ?? '', authorization: request.headers.authorization });
    const { status, location } = answers(request);
    response.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) });
    response.end(JSON.stringify({ asked: request.url }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    seen,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
