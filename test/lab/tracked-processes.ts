import { readdirSync, readFileSync } from 'node:fs';

/**
 * Process ids whose environment contains `name=value`, wherever in the process tree they are by now. A background process
 * that made a session of its own is nobody's child any more, but it still carries the variable it was started with.
 */
export function trackedProcesses(name: string, value: string): number[] {
  const entry = `${name}=${value}`;
  return readdirSync('/proc')
    .filter((file) => /^\d+$/.test(file) && environmentOf(file).includes(entry))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** Process ids whose command line contains `text`. */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((file) => /^\d+$/.test(file) && readIfPresent(`/proc/${file}/cmdline`).includes(text))
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

/** Kills the processes that carry `name=value`, until none is left: one of them may fork while we look. */
export function killTrackedProcesses(name: string, value: string): void {
  for (let round = 0; round < 10; round++) {
    const pids = trackedProcesses(name, value);
    if (pids.length === 0) return;
    for (const pid of pids) signalIfAlive(pid, 'SIGKILL');
  }
}

/** The direct and indirect children of a process, as far as they have not been handed to init. */
export function descendantsOf(pid: number): number[] {
  const children = readIfPresent(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendantsOf(child)]);
}

/** Sends a signal; a process that is already gone is what we wanted. */
export function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

function environmentOf(pid: string): string[] {
  return readIfPresent(`/proc/${pid}/environ`).split('\0');
}

/** Processes end between the listing and the reading, and those of other users are closed to us: neither is ours. */
function readIfPresent(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
