import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer, type ServerOptions } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

/** A server of a test on loopback; every connection ends with it. */
export interface TrialServer extends AsyncDisposable {
  readonly port: number;
  /** Resolves when nobody is connected any more. */
  idle(): Promise<void>;
}

export function serveHttp(answer: RequestListener, address?: string): Promise<TrialServer> {
  return listen(createHttpServer(answer), address);
}

export function serveHttps(options: ServerOptions, answer: RequestListener): Promise<TrialServer> {
  return listen(createHttpsServer(options, answer));
}

/** Bytes as they come, for what no HTTP server would do. */
export function serveTcp(talk: (socket: Socket) => void, address?: string): Promise<TrialServer> {
  return listen(createTcpServer(talk), address);
}

async function listen(server: Server, address = '127.0.0.1'): Promise<TrialServer> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
  });
  server.listen(0, address);
  await once(server, 'listening');
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error(`no port on ${address}: got ${bound}`);
  return {
    port: bound.port,
    async idle() {
      await Promise.all([...open].map((socket) => new Promise((resolve) => socket.on('close', resolve))));
    },
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
