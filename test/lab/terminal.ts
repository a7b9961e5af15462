import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './at-exit.ts';

/** Where and with what a program runs in a terminal. */
export interface TerminalOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long a text may be waited for. */
  readonly patienceMs?: number;
}

/** A program in a terminal of its own, and somebody who reads and types. */
export interface Terminal extends AsyncDisposable {
  /** Waits for a text after what was waited for before, and returns what came up to its end. */
  waitFor(text: string): Promise<string>;
  /** Types a line. */
  type(line: string): void;
  /** All that was shown so far. */
  shown(): string;
  /** The exit code. */
  readonly done: Promise<number>;
}

/** Starts a program in a real pseudo terminal: `script` of util-linux makes it and hands on what is typed. */
export function openTerminal(words: readonly string[], options: TerminalOptions): Terminal {
  const line = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd: options.cwd,
    env: { ...options.env, TERM: 'dumb' },
  });
  const forget = atExit(() => child.kill('SIGKILL'));
  let output = '';
  let read = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  const done = once(child, 'close').then(([code]) => Number(code));
  return {
    async waitFor(text) {
      const deadline = Date.now() + (options.patienceMs ?? 60_000);
      for (let at = -1; at === -1; at = output.indexOf(text, read)) {
        if (Date.now() > deadline) throw new Error(`no ${JSON.stringify(text)} in: ${output.slice(read)}`);
        await sleep(20);
      }
      const seen = output.slice(read, output.indexOf(text, read) + text.length);
      read += seen.length;
      return seen;
    },
    type: (typed) => void child.stdin.write(`${typed}\r`),
    shown: () => output,
    done,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null) child.kill('SIGKILL');
      await done;
      forget();
    },
  };
}
