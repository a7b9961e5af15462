import type { DesiredService } from '@gitops/core';

/** How many numbers of a version tell whether it reads the data of another one. */
const DATA_VERSIONS: Readonly<Record<string, 1 | 2>> = {
  postgres: 1,
  postgresql: 1,
  postgis: 1,
  pgvector: 1,
  mysql: 2,
  mariadb: 2,
  mongo: 2,
  mongodb: 2,
  elasticsearch: 1,
  opensearch: 1,
  influxdb: 1,
  neo4j: 1,
  cassandra: 1,
  rabbitmq: 2,
  redis: 1,
  valkey: 1,
  nextcloud: 1,
  gitlab: 1,
  'gitlab-ce': 1,
  'gitlab-ee': 1,
};

/** Servers whose new version does not start on the data of an older one: it has to be dumped and restored, or converted first. */
const NEVER_READS_OLDER = new Set(['postgres', 'postgresql', 'postgis', 'pgvector']);

type WithImage = Pick<DesiredService, 'image'>;

/** A step between versions of a server that may not read each other's data. Pure. */
export function versionWarnings(before: WithImage, after: WithImage): readonly string[] {
  const [was, now] = [dataVersion(before.image), dataVersion(after.image)];
  if (!was || !now || was.name !== now.name) return [];
  const order = compare(was.numbers, now.numbers);
  if (order === 0) return [];
  const step = `${was.name} ${was.numbers.join('.')} → ${now.numbers.join('.')}`;
  if (order > 0) return [`${step}: an older version hardly ever reads what a newer one has written; restore a backup`];
  if (NEVER_READS_OLDER.has(was.name)) {
    return [`${step}: it does not start on the data of the older version; dump and restore it, or convert it first`];
  }
  return [`${step}: it may convert its data, which the older version can't read then: going back would need a backup`];
}

interface DataVersion {
  readonly name: string;
  readonly numbers: readonly number[];
}

/** Of `docker.io/library/postgres:16.2-alpine`: postgres, 16. Of a tag like `pg16`, the number behind `pg`. */
function dataVersion(image: string): DataVersion | undefined {
  const [, name = '', tag = ''] = /([^/:@]+):([^/:@]+)(?:@.*)?$/.exec(image) ?? [];
  const parts = Object.hasOwn(DATA_VERSIONS, name) ? DATA_VERSIONS[name] : undefined;
  const said = /^(?:v|pg)?(\d+)(?:\.(\d+))?/.exec(tag);
  if (!parts || !said) return undefined;
  return { name, numbers: said.slice(1, 1 + parts).flatMap((text) => (text === undefined ? [] : [Number(text)])) };
}

/** Of `8` and `8.4` only what both say. */
function compare(before: readonly number[], after: readonly number[]): number {
  const both = before.slice(0, after.length);
  const index = both.findIndex((number, place) => number !== after[place]);
  return index < 0 ? 0 : (before[index] ?? 0) - (after[index] ?? 0);
}
