import { createInterface } from 'node:readline';
import { GitopsError } from '@gitops/core';
import type { Prompt } from './interview.ts';

/** Asks on this process's terminal until it is closed. */
export interface TerminalPrompt extends Disposable {
  readonly prompt: Prompt;
}

/**
 * Opens the terminal for questions. Lines that are typed or pasted ahead answer the next ones. Ctrl-D ends the
 * questions; so does Ctrl-C, which interrupts this process as well.
 */
export function openTerminalPrompt(): TerminalPrompt {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const lines = terminal[Symbol.asyncIterator]();
  terminal.on('SIGINT', () => {
    terminal.close();
    process.kill(process.pid, 'SIGINT');
  });
  return {
    async prompt(text) {
      const lastLine = text.lastIndexOf('\n') + 1;
      process.stdout.write(text.slice(0, lastLine));
      terminal.setPrompt(text.slice(lastLine));
      terminal.prompt();
      const { value, done } = await lines.next();
      if (done) throw ended();
      return value;
    },
    [Symbol.dispose]: () => terminal.close(),
  };
}

function ended(): GitopsError {
  return new GitopsError('cancelled', { attempted: 'ask', seen: 'the questions were ended', remedy: 'run it again' });
}
