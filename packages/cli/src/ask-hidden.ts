import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { cancelled } from '@gitops/core';

/**
 * Asks a question on a terminal and reads the answer without showing it.
 *
 * @throws GitopsError `cancelled` if the user ends the input instead
 */
export async function askHidden(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string> {
  // As a terminal, readline switches the terminal's own echo off and writes the characters to its output: to nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const line = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const ended = Promise.withResolvers<never>();
  line.once('SIGINT', () => line.close());
  line.once('close', () => ended.reject(cancelled()));
  output.write(question);
  try {
    return await Promise.race([line.question(''), ended.promise]);
  } finally {
    line.close();
    output.write('\n');
  }
}
