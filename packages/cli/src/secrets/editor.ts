import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { GitopsError } from '@gitops/core';

/** The words of the editor's command, without the file. */
export function editorOf(env: NodeJS.ProcessEnv): readonly string[] {
  const command = env['SOPS_EDITOR']?.trim() || env['EDITOR']?.trim() || 'vi';
  const words = command.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
}

/** After that an editor that was told to end is killed. */
const PATIENCE_MS = 3000;

/**
 * Lets a person edit a file in the terminal that they sit at.
 *
 * @throws GitopsError `editor` if it can't be run or says that it failed; what the signal was aborted with, after the editor ended
 */
export async function runEditor(words: readonly string[], path: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const [command = 'vi', ...options] = words;
  const child = spawn(command, [...options, path], { stdio: 'inherit' });
  const end = () => endEditor(child);
  signal.addEventListener('abort', end);
  try {
    const [exitCode] = await once(child, 'close');
    signal.throwIfAborted();
    if (exitCode !== 0) throw failed(command, `it ended with ${exitCode ?? 'a signal'}`);
  } catch (error) {
    throw error instanceof Error && 'syscall' in error ? failed(command, error.message) : error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function endEditor(child: ChildProcess): void {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  child.once('close', () => clearTimeout(timer));
}

function failed(command: string, seen: string): GitopsError {
  return new GitopsError('editor', {
    attempted: `edit with \`${command}\``,
    seen,
    remedy: 'name an editor that waits until the file is closed: SOPS_EDITOR or EDITOR, such as `code --wait`',
  });
}
