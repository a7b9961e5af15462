import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';

const SERVER = `const server = require('node:net').createServer();
server.listen({ port: Number(process.argv[1]), host: process.argv[2], backlog: 1 }, () => console.log('listening'));`;

/**
 * Makes an address and port of this machine that answers no connection, neither with yes nor with no: a stopped server
 * whose queue is full, so that the kernel drops what comes.
 */
export async function startMuteAddress(host: string, port: number): Promise<AsyncDisposable> {
  const server = spawn(process.execPath, ['-e', SERVER, String(port), host], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(server, 'exit');
  await once(server.stdout, 'data');
  server.kill('SIGSTOP');
  // The kernel keeps one connection more than the backlog says.
  const queued = [connect(port, host), connect(port, host)];
  await Promise.all(queued.map((socket) => once(socket, 'connect')));
  return {
    [Symbol.asyncDispose]: async () => {
      for (const socket of queued) socket.on('error', () => {}).destroy();
      server.kill('SIGKILL');
      await exited;
    },
  };
}
