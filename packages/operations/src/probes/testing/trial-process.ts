import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import type { ProbeSpec } from '@gitops/core';
import type { TrialServer } from './trial-server.ts';

const run = promisify(execFile);
const PROBER = new URL('../prober.ts', import.meta.url).href;

interface Circumstances {
  /** Code that runs first. */
  readonly before?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Probes from a process of its own with few file descriptors, and its own environment. */
export async function probeInChild(probes: readonly ProbeSpec[], { before = '', environment }: Circumstances) {
  const program = `import { writeSync } from 'node:fs';
    const { proberOf } = await import(process.argv[1]);
    ${before}
    const looks = await proberOf(${JSON.stringify(probes)})(new AbortController().signal);
    writeSync(1, JSON.stringify(looks));`;
  const node = [process.execPath, '--conditions=source', '--no-warnings', '--input-type=module', '-e', program, PROBER];
  const { stdout } = await run('sh', ['-c', 'ulimit -n 100; exec "$@"', 'sh', ...node], {
    env: { ...process.env, ...environment },
  });
  const looks: unknown = JSON.parse(stdout);
  return looks;
}

/** A service that hangs, with a queue of connections that is full: who connects now hears nothing at all. */
export async function startHungServer(): Promise<TrialServer> {
  const program = `const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    require('node:fs').writeSync(1, String(server.address().port));
    process.kill(process.pid, 'SIGSTOP');
  });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said]: unknown[] = await once(child.stdout, 'data');
  const port = Number(String(said));
  const waiting = [1, 2, 3, 4].map(() => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(waiting.slice(0, 2).map((socket: Socket) => once(socket, 'connect')));
  return {
    port,
    idle: async () => {},
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}
