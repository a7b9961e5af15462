import { createInterface } from 'node:readline/promises';
import { GitopsError } from '@gitops/core';
import type { EditSurroundings } from './edit-command.ts';

/** This process, its terminal and the signals that end it. */
export function editSurroundings(): EditSurroundings {
  return { env: process.env, signal: endSignal(), askAgain };
}

/** What ends a process from outside ends the edit first. Ctrl-C in the terminal is for the editor. */
function endSignal(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => {});
  for (const name of ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) process.on(name, () => controller.abort(ended(name)));
  return controller.signal;
}

function ended(name: string): GitopsError {
  return new GitopsError('cancelled', {
    attempted: 'finish the edit',
    seen: `${name} ended it; nothing is left in clear`,
    remedy: 'edit again',
  });
}

async function askAgain(why: string): Promise<boolean> {
  process.stderr.write(`${why}\n`);
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const line = createInterface({ input: process.stdin, output: process.stderr });
  const closed = Promise.withResolvers<string>();
  line.once('close', () => closed.resolve('n'));
  try {
    const answer = await Promise.race([line.question('Edit it again? [Y/n] '), closed.promise]);
    return !/^n/i.test(answer.trim());
  } finally {
    line.close();
  }
}
