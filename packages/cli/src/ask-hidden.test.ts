import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROGRAM = `import { askHidden } from ${JSON.stringify(fileURLToPath(new URL('./ask-hidden.ts', import.meta.url)))};
askHidden('Passphrase of ~/.ssh/id: ', process.stdin, process.stderr).then(
  (answer) => console.log('got ' + Buffer.from(answer).toString('hex')),
  (error) => console.log('no answer: ' + error.code),
);`;

/** Runs the program on a terminal of its own, types when it asks, and returns what the terminal showed. */
function onTerminal(typed: string): Promise<string> {
  const command = `${process.execPath} --conditions=source --input-type=module-typescript -e "$PROGRAM"`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], { env: { ...process.env, PROGRAM } });
  let shown = '';
  let asked = false;
  return new Promise((resolve) => {
    terminal.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      if (asked || !shown.includes('id: ')) return;
      asked = true;
      terminal.stdin.write(typed);
    });
    terminal.on('close', () => resolve(shown));
  });
}

test('an answer is read from the terminal and not shown on it', async () => {
  const shown = await onTerminal('geheim x\r');
  expect(shown).toContain('Passphrase of ~/.ssh/id: ');
  expect(shown).toContain(`got ${Buffer.from('geheim x').toString('hex')}`);
  expect(shown).not.toContain('geheim');
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s instead of an answer cancels', async (_, key) => {
  expect(await onTerminal(key)).toContain('no answer: cancelled');
});
