import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** An ssh-agent of a test. */
export interface LocalAgent extends AsyncDisposable {
  readonly socket: string;
  readonly pid: number;
  add(keyFile: string, ...options: readonly string[]): void;
}

export async function startAgent(): Promise<LocalAgent> {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-agent-'));
  const socket = join(folder, 'socket');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(agent, 'exit');
  // It prints the path of its socket when it listens.
  await once(agent.stdout, 'data');
  agent.stdout.resume();
  if (agent.pid === undefined) throw new Error('ssh-agent did not start');
  return {
    socket,
    pid: agent.pid,
    add: (keyFile, ...options) => {
      const env = { ...process.env, SSH_AUTH_SOCK: socket };
      execFileSync('ssh-add', ['-q', ...options, keyFile], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    },
    [Symbol.asyncDispose]: async () => {
      agent.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}
