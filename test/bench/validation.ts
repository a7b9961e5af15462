import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runCommand } from '../lab/command.ts';
import { createRepository, type TestRepository } from '../lab/git-repository.ts';
import { contest } from './contest.ts';
import { timed } from './stop-watch.ts';
import type { Row } from './table.ts';

const root = join(import.meta.dirname, '..', '..');
const commandLine = join(root, 'dist', 'gitops.mjs');
const yaml = pathToFileURL(join(root, 'node_modules', 'yaml', 'dist', 'index.js')).href;
const STACKS = 200;

/** Everything that `gitops validate` does without a host, against a program that parses the same Compose files and no more. */
export async function measureValidation(): Promise<Row> {
  await using repository = await twoHundredStacks();
  const paths = stacks().map((name) => join(repository.path, composeFileOf(name)));
  const parse = [
    `import { readFileSync } from 'node:fs'`,
    `import { parseDocument } from ${JSON.stringify(yaml)}`,
    `for (const path of ${JSON.stringify(paths)}) parseDocument(readFileSync(path, 'utf8')).toJS()`,
  ].join(';');
  const { ours, plain } = await contest({
    ours: () => timed(() => runCommand(process.execPath, [commandLine, 'validate', '-C', repository.path])),
    plain: () => timed(() => runCommand(process.execPath, ['--input-type=module', '-e', parse])),
  });
  return { what: `validating ${STACKS} stacks offline`, ours, plain, budget: 3, note: 'parsing their YAML with yaml' };
}

function stacks(): readonly string[] {
  return Array.from({ length: STACKS }, (_, index) => `app${index}`);
}

function composeFileOf(stack: string): string {
  return `environments/lab/${stack}/compose.yaml`;
}

function twoHundredStacks(): Promise<TestRepository> {
  const list = stacks().map((name) => `  - { name: ${name}, path: ${name} }\n`);
  const target = '  docker: { kind: docker, host: docker.example.com, user: gitops }\n';
  const files = stacks().flatMap((name, index) => [
    [composeFileOf(name), composeFile(name, index)],
    [`environments/lab/${name}/.env.example`, 'DB_PASSWORD=\nDB_USER=app\nDB_NAME=app\nLOG_LEVEL=info\n'],
    [`environments/lab/${name}/app.conf`, `# settings of ${name}\nlisten = 8080\n`],
  ]);
  return createRepository({
    'gitops.yml': 'apiVersion: gitops/v1\nname: bench\n',
    'environments/lab/environment.yml': `apiVersion: gitops/v1\ntargets:\n${target}stacks:\n${list.join('')}`,
    ...Object.fromEntries(files),
  });
}

/** A web service, its worker and their database, as homelabs have them. */
function composeFile(name: string, index: number): string {
  return `x-logging: &logging
  driver: json-file
  options: { max-size: 10m, max-file: "3" }

services:
  web:
    image: registry.example.com/${name}/web:1.4.${index}
    restart: unless-stopped
    logging: *logging
    depends_on:
      db: { condition: service_healthy }
    environment:
      DATABASE_URL: postgres://\${DB_USER}:\${DB_PASSWORD}@db:5432/\${DB_NAME:-app}
      LOG_LEVEL: \${LOG_LEVEL:-info}
    ports:
      - "127.0.0.1:${10_000 + index}:8080"
    volumes:
      - ./app.conf:/etc/app.conf:ro
    networks: [front, back]
    healthcheck:
      test: [CMD, wget, -qO, /dev/null, "http://127.0.0.1:8080/health"]
      interval: 10s
  worker:
    image: registry.example.com/${name}/worker:1.4.${index}
    restart: unless-stopped
    logging: *logging
    command: [work, --queue, default]
    networks: [back]
    healthcheck: { test: [CMD, worker, ping] }
  db:
    image: postgres:17.2
    restart: unless-stopped
    environment:
      POSTGRES_PASSWORD: \${DB_PASSWORD}
      POSTGRES_USER: \${DB_USER}
    volumes: [data:/var/lib/postgresql/data]
    networks: [back]
    healthcheck: { test: [CMD-SHELL, "pg_isready -U $\${POSTGRES_USER}"], interval: 5s }
networks:
  front:
  back: { internal: true }
volumes:
  data:
`;
}
