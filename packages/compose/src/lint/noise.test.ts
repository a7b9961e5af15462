import { expect, test } from 'vitest';
import { lintStack } from './lint-stack.ts';
import { lines, stackOf } from './testing/linted.ts';

const CHECK = 'healthcheck: { test: [CMD, "true"], interval: 10s }';

/** As people run them who have read the manual; with what is still told of them. */
test.each<[what: string, compose: string, rules: readonly string[]]>([
  [
    'photos with a machine that learns, a database and a cache',
    `services:
  server:
    image: ghcr.io/example/photos-server:v1.132.3
    restart: always
    ports: ["2283:2283"]
    volumes: ["\${UPLOADS:-./library}:/data", "/etc/localtime:/etc/localtime:ro"]
    depends_on: [redis, database]
    healthcheck: { disable: false }
  learning:
    image: ghcr.io/example/photos-learning:v1.132.3
    restart: always
    volumes: ["models:/cache"]
    healthcheck: { disable: false }
  redis:
    image: docker.io/valkey/valkey:8-bookworm@sha256:${'0'.repeat(64)}
    restart: always
    ${CHECK}
  database:
    image: ghcr.io/example/postgres:14-vectors0.2.0
    restart: always
    shm_size: 128mb
    environment: { POSTGRES_DB: photos }
    volumes: ["./postgres:/var/lib/postgresql/data"]
    ${CHECK}
volumes: { models: }
`,
    [],
  ],
  [
    'a wiki with migrations, behind a network of the proxy',
    `services:
  wiki:
    image: example/wiki:0.21.0
    restart: unless-stopped
    depends_on:
      db: { condition: service_healthy }
      migrate: { condition: service_completed_successfully }
    networks: [default, edge]
    ${CHECK}
  migrate:
    image: example/wiki:0.21.0
    command: [migrate]
    depends_on: { db: { condition: service_healthy } }
  db:
    image: postgres:18.1-alpine
    restart: unless-stopped
    volumes: ["db:/var/lib/postgresql"]
    ${CHECK}
  shell:
    image: example/wiki:0.21.0
    profiles: [tools]
volumes: { db: }
networks: { edge: { external: true } }
`,
    [],
  ],
  [
    'a proxy that asks Docker who is there, and what watches the host',
    `services:
  traefik:
    image: traefik:v3.5
    restart: unless-stopped
    ports: ["80:80", "443:443", "443:443/udp"]
    command: [--providers.docker]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro", "acme:/acme"]
    ${CHECK}
  exporter:
    image: prom/node-exporter:v1.9.1
    restart: unless-stopped
    volumes: ["/proc:/host/proc:ro", "/sys:/host/sys:ro"]
volumes: { acme: }
`,
    ['compose/no-health-check', 'compose/docker-socket'],
  ],
  [
    'a monitor of containers that reads the whole host, one thing of each mount',
    `services:
  cadvisor:
    image: gcr.io/cadvisor/cadvisor:v0.52.1
    restart: unless-stopped
    privileged: true
    devices: ["/dev/kmsg"]
    volumes:
      - /:/rootfs:ro
      - /var/run:/var/run:ro
      - /sys:/sys:ro
      - /var/lib/docker/:/var/lib/docker:ro
      - /dev/disk/:/dev/disk:ro
    ${CHECK}
`,
    ['compose/privileged', 'compose/dangerous-mount', 'compose/docker-socket', 'compose/dangerous-mount'],
  ],
])('of %s little is told', async (_, compose, rules) => {
  const findings = lintStack(await stackOf(compose));
  expect(
    findings.map(({ rule }) => rule),
    lines(findings).join('\n'),
  ).toEqual(rules);
});
