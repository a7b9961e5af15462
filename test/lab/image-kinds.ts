import { buildImage, type ImageHealthcheck, imageName } from './images.ts';

/** An image of the lab: what a Compose file writes (`reference`) and what Docker calls it (`id`). */
export interface LabImage {
  readonly reference: string;
  readonly id: string;
}

/** Where the HTTP services of the lab listen inside their containers. */
export const httpPort = 8080;

/** Serves `content` as `/` on port 8080; `tag` tells versions apart. */
export function httpImage(content: string, tag = 'v1'): Promise<LabImage> {
  return labImage('http', tag, { command: untilStopped(serve), files: page(content) });
}

/** Serves `content` and becomes healthy once it answers. */
export function healthyImage(content: string, tag = 'v1'): Promise<LabImage> {
  const healthcheck = { command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${httpPort}/`] };
  return labImage('healthy', tag, { command: untilStopped(serve), files: page(content), healthcheck });
}

/** Runs and answers, but its health check never passes. */
export function unhealthyImage(tag = 'v1'): Promise<LabImage> {
  const healthcheck = { command: ['false'] };
  return labImage('unhealthy', tag, { command: untilStopped(serve), files: page('unhealthy'), healthcheck });
}

/** Ends with exit code 3 each time it starts. */
export function crashLoopImage(tag = 'v1'): Promise<LabImage> {
  return labImage('crash-loop', tag, { command: ['sh', '-c', 'echo "cannot start" >&2; exit 3'] });
}

/** Runs, does nothing and ends at once when asked to. */
export function sleeperImage(tag = 'v1'): Promise<LabImage> {
  return labImage('sleeper', tag, { command: untilStopped('sleep 2147483647') });
}

/** Ends at once with `exitCode`, as a migration that has succeeded or failed. */
export function jobImage(exitCode: number, tag = 'v1'): Promise<LabImage> {
  return labImage(`job-${exitCode}`, tag, {
    command: ['sh', '-c', `echo "job ends with ${exitCode}"; exit ${exitCode}`],
  });
}

interface KindOptions {
  readonly command: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
  readonly healthcheck?: ImageHealthcheck;
}

const serve = `httpd -f -p ${httpPort} -h /www`;

function page(content: string): Record<string, string> {
  return { '/www/index.html': content };
}

/** Process 1 gets no default signal handlers: without a trap each stop would take Docker's 10 seconds of patience. */
function untilStopped(command: string): string[] {
  return ['sh', '-c', `trap 'kill $!; exit 0' TERM INT; ${command} & wait $!`];
}

async function labImage(kind: string, tag: string, options: KindOptions): Promise<LabImage> {
  const reference = imageName(kind, tag);
  return { reference, id: await buildImage(reference, options) };
}
