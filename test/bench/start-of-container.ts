import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/**
 * Watches for the next start of a service's container: resolves with Docker's own time of it, in milliseconds since 1970.
 * `--since` covers the time until Docker listens, so that no start is missed.
 */
export function watchStart(project: string, service: string): Promise<number> {
  const filters = [`label=com.docker.compose.project=${project}`, `label=com.docker.compose.service=${service}`];
  const words = [...filters, 'event=start'].flatMap((filter) => ['--filter', filter]);
  const since = String(Date.now() / 1000);
  const events = spawn('docker', ['events', '--since', since, ...words, '--format', '{{.TimeNano}}'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return firstLine(events.stdout).then((line) => {
    events.kill();
    return Number(line) / 1e6;
  });
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error('docker events ended without an event');
}
