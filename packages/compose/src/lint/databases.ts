import type { ServiceModel } from '../check/index.ts';
import { imageName } from './image-name.ts';

/** What is known of an image that keeps data of its own. */
export interface Database {
  readonly product: string;
  /** Where it listens in its container. */
  readonly ports: readonly number[];
  /** Where the image keeps its data: in a volume without a name, unless something is mounted at exactly this place. */
  readonly dataFolder?: string;
  /** The variable that says another place. */
  readonly dataVariable?: string;
}

const POSTGRES: Database = {
  product: 'PostgreSQL',
  ports: [5432],
  dataFolder: '/var/lib/postgresql/data',
  dataVariable: 'PGDATA',
};
const MYSQL: Database = { product: 'MySQL', ports: [3306, 33060], dataFolder: '/var/lib/mysql' };
const MONGO: Database = { product: 'MongoDB', ports: [27017], dataFolder: '/data/db' };
/** Often nothing but a cache, so nobody is told to keep its data. */
const REDIS: Database = { product: 'Redis', ports: [6379] };
const ELASTICSEARCH: Database = { product: 'Elasticsearch', ports: [9200, 9300] };

/** By the last word of the image's name. */
const DATABASES: ReadonlyMap<string, Database> = new Map<string, Database>([
  ['cassandra', { product: 'Cassandra', ports: [7000, 9042], dataFolder: '/var/lib/cassandra' }],
  ['clickhouse-server', { product: 'ClickHouse', ports: [8123, 9000], dataFolder: '/var/lib/clickhouse' }],
  ['couchdb', { product: 'CouchDB', ports: [5984], dataFolder: '/opt/couchdb/data' }],
  ['elasticsearch', ELASTICSEARCH],
  ['influxdb', { product: 'InfluxDB', ports: [8086] }],
  ['mariadb', { product: 'MariaDB', ports: [3306], dataFolder: '/var/lib/mysql' }],
  ['memcached', { product: 'memcached', ports: [11211] }],
  ['mongo', MONGO],
  ['mongodb', { product: 'MongoDB', ports: [27017] }],
  ['mysql', MYSQL],
  ['opensearch', { ...ELASTICSEARCH, product: 'OpenSearch' }],
  ['pgvecto-rs', POSTGRES],
  ['pgvector', POSTGRES],
  ['postgis', POSTGRES],
  ['postgres', POSTGRES],
  ['postgresql', { product: 'PostgreSQL', ports: [5432] }],
  ['redis', REDIS],
  ['timescaledb', POSTGRES],
  ['timescaledb-ha', { product: 'PostgreSQL', ports: [5432] }],
  ['valkey', { ...REDIS, product: 'Valkey' }],
]);

/** Their images put the data elsewhere than those that they are named after. */
const OWN_FOLDERS = /(?:^|\/)(?:bitnami|bitnamilegacy|linuxserver|supabase)\//;

/** The database of an image, told by its name. */
export function databaseOf(image: string): Database | undefined {
  const { repository, name, tag } = imageName(image);
  const database = DATABASES.get(name);
  if (!database) return undefined;
  const { dataFolder: _folder, ...withoutFolder } = database;
  if (OWN_FOLDERS.test(repository)) return withoutFolder;
  // https://github.com/docker-library/postgres/pull/1259 moved the volume up, for all versions from 18 on.
  if (database === POSTGRES && majorOf(tag) >= 18) return { ...database, dataFolder: '/var/lib/postgresql' };
  return database === POSTGRES && majorOf(tag) === 0 ? withoutFolder : database;
}

const SERVERS =
  /^(?:.*\/)?(?:-.*|docker-entrypoint\.sh|postgres|mysqld|mariadbd|mongod|redis-server|valkey-server|cassandra|memcached)$/;

/** Whether a service with the image of a database is the server, and not one of its tools, such as a dump every night. */
export function isServer({ command, entrypoint }: ServiceModel): boolean {
  const [first] = command ?? [];
  return (entrypoint ?? []).length === 0 && (first === undefined || SERVERS.test(first));
}

/** 16 for `16.2-alpine`, `pg16` and `2.14-pg16`; 0 for a tag that does not say it. */
function majorOf(tag = ''): number {
  const [, major = ''] = /(?:^|-)pg(\d+)/.exec(tag) ?? /^(\d+)/.exec(tag) ?? [];
  return Number(major);
}
