import { describe, expect, it } from 'vitest';
import { healthCheckFindings } from './health-checks.ts';
import { lines, projectOf } from './testing/linted.ts';

async function findingsOf(services: string): Promise<readonly string[]> {
  return lines(healthCheckFindings(await projectOf(`services:\n${services}`)));
}

const REMEDY = 'write a `healthcheck:` with a `test`, or `healthcheck: { disable: false }` if the image brings one';
const RUNNING = 'so it counts as healthy while it runs, whether it answers or not';
const CHECK = 'healthcheck: { test: [CMD, "true"] }';

describe('a service that runs on', () => {
  it('without a health check is reported', async () => {
    expect(await findingsOf('  web: { image: "a:1" }\n')).toEqual([
      `2:3 compose/no-health-check \`web\` has no health check, ${RUNNING} → ${REMEDY}`,
    ]);
  });

  it.each([
    ['disable: true', '2:24'],
    ['test: [NONE]', '2:24'],
  ])('with `%s` is reported there', async (line, place) => {
    expect(await findingsOf(`  web: { image: "a:1", healthcheck: { ${line} } }\n`)).toEqual([
      `${place} compose/no-health-check the health check of \`web\` is switched off, ${RUNNING} → ${REMEDY}`,
    ]);
  });

  it.each([
    ['has one', `image: "a:1", ${CHECK}`],
    ['says that its image brings one', 'image: "a:1", healthcheck: { disable: false }'],
    ['runs an image that is known to bring one', 'image: "docker.io/vaultwarden/server:1.34.3"'],
  ])('and %s is fine', async (_, words) => {
    expect(await findingsOf(`  web: { ${words} }\n`)).toEqual([]);
  });
});

describe('no health check is asked of a service that', () => {
  it.each([
    ['is a job', 'x-gitops: { role: job }'],
    ['is optional', 'x-gitops: { role: optional }'],
    ['is not started again', 'restart: "no"'],
    ['is not started again, in the words of Swarm', 'deploy: { restart_policy: { condition: none } }'],
    ['is started by hand', 'profiles: [tools]'],
    ['has no container', 'scale: 0'],
  ])('%s', async (_, words) => {
    expect(await findingsOf(`  web: { image: "a:1", ${words} }\n`)).toEqual([]);
  });

  it('another one waits for to end', async () => {
    const waits = 'depends_on: { migrate: { condition: service_completed_successfully } }';
    expect(await findingsOf(`  web: { image: "a:1", ${CHECK}, ${waits} }\n  migrate: { image: "a:1" }\n`)).toEqual([]);
  });
});

describe('a service that waits for the health of another one', () => {
  const waiting = (said = '') =>
    `  web: { image: "a:1", ${CHECK}, depends_on: { db: { condition: service_healthy${said} } } }\n`;

  it('is reported instead of that one, if it has no health check', async () => {
    expect(await findingsOf(`${waiting()}  db: { image: "a:1" }\n`)).toEqual([
      `2:93 compose/depends-on-no-health-check \`web\` waits for the health check of \`db\`, which has none, unless its image brings one: then Compose fails → ${REMEDY}, below \`db\``,
    ]);
  });

  it('is reported if that one has switched it off', async () => {
    expect(await findingsOf(`${waiting()}  db: { image: "a:1", healthcheck: { disable: true } }\n`)).toEqual([
      '2:93 compose/depends-on-no-health-check `web` waits for the health check of `db`, which has switched it off: then Compose fails → write `condition: service_started`',
    ]);
  });

  it('is fine if there is one', async () => {
    expect(await findingsOf(`${waiting()}  db: { image: "a:1", ${CHECK} }\n`)).toEqual([]);
  });

  it('is fine if it can do without it, as Compose then goes on', async () => {
    const findings = await findingsOf(`${waiting(', required: false')}  db: { image: "a:1" }\n`);
    expect(findings).toEqual([`3:3 compose/no-health-check \`db\` has no health check, ${RUNNING} → ${REMEDY}`]);
  });
});
