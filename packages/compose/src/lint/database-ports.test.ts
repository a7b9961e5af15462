import { describe, expect, it } from 'vitest';
import { databasePortFindings } from './database-ports.ts';
import { lines, projectOf } from './testing/linted.ts';

async function findingsOf(image: string, ports: string, rest = ''): Promise<readonly string[]> {
  const text = `services:\n  db:\n    image: ${image}\n    ports: [${ports}]\n${rest}`;
  return lines(databasePortFindings(await projectOf(text)));
}

const open = (product: string) =>
  `\`db\` publishes ${product} on every address of the host, and Docker opens the port past the firewall`;
const instead = (words: string, port: number) =>
  `write \`${words}\`, or remove it: services of this project reach it as \`db:${port}\``;

describe('the port of a database that everybody may reach is reported:', () => {
  it.each([
    ['postgres:16', '"5432:5432"', open('PostgreSQL'), instead('127.0.0.1:5432:5432', 5432)],
    ['bitnami/postgresql:16', '"0.0.0.0:15432:5432"', open('PostgreSQL'), instead('127.0.0.1:15432:5432', 5432)],
    ['redis:7', '"[::]:6379:6379"', open('Redis'), instead('127.0.0.1:6379:6379', 6379)],
    ['mongo:8.0', '"27017"', open('MongoDB'), instead('127.0.0.1:27017:27017', 27017)],
  ])('%s with %s', async (image, ports, message, remedy) => {
    expect(await findingsOf(image, ports)).toEqual([`4:13 compose/public-database-port ${message} → ${remedy}`]);
  });
});

describe('no finding is', () => {
  it.each([
    ['a port on one address', 'postgres:16', '"127.0.0.1:5432:5432"'],
    ['a port on one IPv6 address', 'postgres:16', '"[::1]:5432:5432"'],
    ['another port of the image', 'mariadb:11.4', '"8080:8080"'],
    ['the port of something else', 'nginx:1.29', '"5432:5432"'],
    ['an exporter of a database', 'prometheuscommunity/postgres-exporter:v0.17.1', '"9187:9187"'],
    ['no port', 'postgres:16', ''],
  ])('%s', async (_, image, ports) => {
    expect(await findingsOf(image, ports)).toEqual([]);
  });
});
