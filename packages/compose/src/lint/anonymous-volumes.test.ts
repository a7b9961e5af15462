import { describe, expect, it } from 'vitest';
import { anonymousVolumeFindings } from './anonymous-volumes.ts';
import { lines, projectOf } from './testing/linted.ts';

async function findingsOf(image: string, words: string): Promise<readonly string[]> {
  const text = `services:\n  db:\n    image: ${image}\n    ${words}\nvolumes: { data: }\n`;
  return lines(anonymousVolumeFindings(await projectOf(text)));
}

function lost(place: string, product: string, folder: string): string {
  return `${place} compose/anonymous-volume ${product} keeps its data in ${folder}, and \`db\` has nothing mounted there that keeps a name: after its container is removed, nothing finds the data again → mount a volume there: \`db-data:${folder}\`, and declare \`db-data:\` below \`volumes:\``;
}

const OLD = '/var/lib/postgresql/data';
const NEW = '/var/lib/postgresql';

describe('data that nothing finds again is reported:', () => {
  it.each([
    ['no volume', 'postgres:16', 'restart: always', lost('2:3', 'PostgreSQL', OLD)],
    ['options for the server', 'postgres:16', 'command: -c shared_buffers=1GB', lost('2:3', 'PostgreSQL', OLD)],
    ['a volume without a name', 'mysql:8.4', 'volumes: [/var/lib/mysql]', lost('4:15', 'MySQL', '/var/lib/mysql')],
    ['one above the folder of the image', 'postgres:17', `volumes: ["data:${NEW}"]`, lost('4:15', 'PostgreSQL', OLD)],
    ['the folder of older images', 'postgres:18', `volumes: ["data:${OLD}"]`, lost('4:15', 'PostgreSQL', NEW)],
    ['another folder', 'mongo:8.0', 'volumes: ["data:/backup"]', lost('2:3', 'MongoDB', '/data/db')],
    [
      'a tag that says the version last',
      'timescale/timescaledb:2.14-pg15',
      'init: true',
      lost('2:3', 'PostgreSQL', OLD),
    ],
  ])('%s', async (_, image, words, finding) => {
    expect(await findingsOf(image, words)).toEqual([finding]);
  });
});

describe('no finding is', () => {
  it.each([
    ['a named volume', 'postgres:16', `volumes: ["data:${OLD}"]`],
    ['a named volume where newer images have it', 'postgres:18.1', `volumes: ["data:${NEW}/"]`],
    ['a folder', 'mariadb:11.4', 'volumes: ["./db:/var/lib/mysql"]'],
    ['data in memory', 'postgres:16', `volumes: [{ type: tmpfs, target: ${OLD} }]`],
    ['data in memory, in other words', 'postgres:16', `tmpfs: [${OLD}]`],
    ['a place of its own', 'postgres:16', 'environment: { PGDATA: /pg/16 }\n    volumes: ["data:/pg"]'],
    ['a folder below', 'postgres:16', `environment: { PGDATA: ${OLD}/pgdata }\n    volumes: ["data:${OLD}"]`],
    ['an image that has another place', 'bitnami/postgresql:16', 'volumes: ["data:/bitnami/postgresql"]'],
    ['an image whose version is not known', 'postgres:latest', `volumes: ["data:${NEW}"]`],
    ['a cache', 'redis:7', 'restart: always'],
    ['a tool of the image', 'postgres:16', 'command: [sh, /backup.sh]'],
    ['another tool of it', 'postgres:16', 'entrypoint: [pg_dump]'],
    ['something else', 'nginx:1.29', 'volumes: [/var/cache/nginx]'],
  ])('%s', async (_, image, words) => {
    expect(await findingsOf(image, words)).toEqual([]);
  });
});
