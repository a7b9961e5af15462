import { buildImage, imageName } from '../../test/lab/images.ts';

/** The images of the demo, by what a Compose file writes. */
export interface ShopImages {
  readonly web: string;
  readonly worker: string;
  readonly brokenWorker: string;
  readonly migrate: string;
}

/** What a commit says of the shop; whatever is left out is as it should be. */
export interface ShopVersion {
  readonly page: string;
  readonly web?: string;
  readonly worker?: string;
}

/** Builds the images out of busybox, as the demo must not depend on a registry. */
export async function buildShopImages(): Promise<ShopImages> {
  const [web, worker, brokenWorker, migrate] = await Promise.all([
    build('web', '1', untilStopped('httpd -f -p 8080 -h /www')),
    build('worker', '1', untilStopped('sleep 2147483647')),
    build('worker', '2', 'echo "cannot reach the queue" >&2; exit 3'),
    build('migrate', '1', 'echo "the schema is up to date"'),
  ]);
  return { web, worker, brokenWorker, migrate };
}

async function build(kind: string, tag: string, script: string): Promise<string> {
  const name = imageName(kind, tag);
  await buildImage(name, { command: ['sh', '-c', script] });
  return name;
}

/** Process 1 gets no default signal handlers: without a trap each stop would take Docker's 10 seconds of patience. */
function untilStopped(command: string): string {
  return `trap 'kill $!; exit 0' TERM INT; ${command} & wait $!`;
}

/** The files of one version, by their path below the environment. */
export function shopFiles(images: ShopImages, port: number, version: ShopVersion): Record<string, string> {
  return {
    'page/index.html': `${version.page}\n`,
    'compose.yaml': composeFile(images, port, version),
  };
}

function composeFile(
  images: ShopImages,
  port: number,
  { web = images.web, worker = images.worker }: ShopVersion,
): string {
  return `services:
  web:
    image: ${web}
    ports: ['127.0.0.1:${port}:8080']
    volumes: ['./page:/www:ro']
    depends_on: { migrate: { condition: service_completed_successfully } }
    healthcheck: { test: [CMD, wget, -q, -O, /dev/null, 'http://127.0.0.1:8080/'], interval: 1s }
  worker:
    image: ${worker}
    restart: always
    healthcheck: { test: [CMD, pidof, sleep], interval: 1s }
  migrate:
    image: ${images.migrate}
`;
}

/** Lines below `health:` of the environment: short times, so that the demo waits for what happens and not for a clock. */
export function shopHealth(port: number): string {
  const probe = `    - name: page\n      http: http://127.0.0.1:${port}/\n      expect: { body: Welcome }\n`;
  return `  deadline: 30s\n  stability: 1s\n  confirmTimeout: 4s\n  probes:\n${probe}`;
}
