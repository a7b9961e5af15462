import { describe, expect, it } from 'vitest';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { refusedValueFindings } from './refused-values.ts';
import { lines, projectOf } from './testing/linted.ts';

async function findingsOf(words: string, rest = ''): Promise<readonly string[]> {
  const image = words.startsWith('image:') ? '' : '    image: "a:1"\n';
  const project = await projectOf(`services:\n  web:\n    ${words}\n${image}${rest}`);
  return lines(refusedValueFindings(project)).map((line) => line.replace('compose/refused-by-docker `web`: ', ''));
}

const RESTARTS = 'use one of `no`, `always`, `unless-stopped`, `on-failure`';
const NO_ATTEMPTS = 'leave the number out, or write `on-failure` with a number above 0';
const LEAST = 'write at least `6m`; a number without a unit counts bytes';

/** Each was seen to be refused by Docker Engine 20.10 and 26.1; `mem_reservation` only where the host counts memory. */
describe('what Docker refuses is reported where it stands:', () => {
  it.each([
    [
      'restart: allways',
      '3:14 Docker refuses the restart policy `allways`, which it does not know → did you mean `always`?',
    ],
    [
      'restart: Always',
      '3:14 Docker refuses the restart policy `Always`, which it does not know → did you mean `always`?',
    ],
    ['restart: never', `3:14 Docker refuses the restart policy \`never\`, which it does not know → ${RESTARTS}`],
    ['restart: always:3', `3:14 Docker refuses 3 attempts for the restart policy \`always\` → ${NO_ATTEMPTS}`],
    [
      'restart: on-failure:-1',
      `3:14 Docker refuses -1 attempts for the restart policy \`on-failure\` → ${NO_ATTEMPTS}`,
    ],
    [
      'deploy: { restart_policy: { condition: on_failure } }',
      '3:44 Docker refuses the restart policy `on_failure`, which it does not know → did you mean `on-failure`?',
    ],
    [
      'deploy: { restart_policy: { condition: any, max_attempts: 3 } }',
      `3:63 Docker refuses 3 attempts for the restart policy \`any\` → ${NO_ATTEMPTS}`,
    ],
    [
      'cap_add: [CHOWN, NET_ADMN]',
      '3:22 Docker refuses the capability `NET_ADMN`, which it does not know → did you mean `NET_ADMIN`?',
    ],
    [
      'cap_drop: [CAP_ALL]',
      '3:16 Docker refuses the capability `CAP_ALL`, which it does not know → did you mean `ALL`?',
    ],
    [
      'cap_drop: [everything]',
      '3:16 Docker refuses the capability `everything`, which it does not know → write a name out of capabilities(7), or remove it',
    ],
    ['mem_limit: 512', `3:16 \`mem_limit\` is 512 bytes, and Docker gives no container less than 6 MiB → ${LEAST}`],
    [
      'mem_reservation: 5m',
      `3:22 \`mem_reservation\` is 5242880 bytes, and Docker gives no container less than 6 MiB → ${LEAST}`,
    ],
    [
      'deploy: { resources: { limits: { memory: 1M } } }',
      `3:46 \`deploy.resources.limits.memory\` is 1048576 bytes, and Docker gives no container less than 6 MiB → ${LEAST}`,
    ],
    [
      'logging: { driver: json-fil }',
      '3:24 Docker has no logging driver `json-fil`, unless a plugin of this name is on the host → did you mean `json-file`?',
    ],
  ])('%s', async (words, finding) => {
    expect(await findingsOf(words)).toEqual([finding]);
  });
});

describe('a network mode that is nearly one is reported:', () => {
  const NONE = 'and refuses to start the container, unless one of this name is on the host';

  it.each([
    ['hst', 'host'],
    ['Host', 'host'],
    ['host ', 'host'],
    ['non', 'none'],
    ['brigde', 'bridge'],
    ['servce:db', 'service:db'],
    ['Container:db', 'container:db'],
  ])('%s', async (mode, meant) => {
    expect(await findingsOf(`network_mode: "${mode}"`)).toEqual([
      `3:19 Docker looks for a network \`${mode}\` ${NONE} → did you mean \`${meant}\`?`,
    ]);
  });

  it('but not if the project names such a network', async () => {
    expect(await findingsOf('network_mode: hst', 'networks: { edge: { name: hst, external: true } }\n')).toEqual([]);
  });
});

describe('an image that is no reference is reported:', () => {
  it.each([
    ['Nginx:1', 'the name of a repository has no capital letters → write `nginx:1`'],
    ['ghcr.io/Example/shop:1', 'the name of a repository has no capital letters → write `ghcr.io/example/shop:1`'],
    ['nginx: 1', 'it holds a blank → write `nginx:1`'],
    ['https://ghcr.io/shop:1', 'it begins with `https://` → write `ghcr.io/shop:1`'],
    ['nginx:', 'its tag is empty → write a tag behind the colon'],
    [
      'nginx:1+2',
      '`1+2` is no tag → use the characters A-Z, a-z, 0-9, `_`, `.` and `-`, and begin with none of the last two',
    ],
    ['nginx@sha256:abc', 'what is behind `@` is no digest → write `@sha256:` and 64 of the characters 0-9 and a-f'],
    ...['shop..web', 'shop/', 'shop//web', '-shop', 'shop:1:2', 'shop___web', 'ex_ample.com:1/shop'].map(
      (image): [string, string] => [
        image,
        `\`${image.replace(/:2$/, '')}\` is no name of a repository → write \`name:tag\` or \`registry/name:tag\`; names have the characters a-z and 0-9, with \`.\`, \`_\` or \`-\` between them`,
      ],
    ),
  ])('%s', async (image, fault) => {
    expect(await findingsOf(`image: "${image}"`)).toEqual([
      `3:12 Docker cannot read the reference \`${image}\` of its image, as ${fault}`,
    ]);
  });
});

describe('what Docker takes is fine:', () => {
  it.each([
    ...['"no"', 'none', 'any', 'on-failure:3', '"on-failure:"', '"always:"', 'on-failure:x'].map(
      (word) => `restart: ${word}`,
    ),
    'restart: allways\n    deploy: { restart_policy: { condition: any } }',
    'deploy: { restart_policy: { max_attempts: 3 } }',
    ...['host', 'none', 'bridge', 'default', 'home', 'node', 'host1', 'proxy_default', 'container:x'].map(
      (mode) => `network_mode: "${mode}"`,
    ),
    'cap_add: [net_admin, cap_net_raw, CAP_BPF, all]',
    'mem_limit: 6m',
    'mem_limit: 0',
    ...['local', 'loki', 'syslog-ng', 'grafana/loki:1'].map((driver) => `logging: { driver: "${driver}" }`),
    ...['localhost:5000/shop:1.0', 'Nas.local/shop', 'foo__bar/a---b', 'shop:V_1.2-x'].map(
      (image) => `image: "${image}"`,
    ),
    `image: "shop:1@sha256:${'0'.repeat(64)}"`,
    `image: "sha256:${'0'.repeat(64)}"`,
  ])('%s', async (words) => {
    expect(await findingsOf(words)).toEqual([]);
  });

  it('and of what nobody knows here nothing is said', async () => {
    const project = await projectOf('services: { web: { image: "a:1" } }\n');
    const value = `X ${UNKNOWN_VALUE}`;
    const web = { image: value, restart: value, network_mode: value, cap_add: [value], logging: { driver: value } };
    expect(refusedValueFindings({ ...project, model: { services: { web: { ...web, mem_limit: value } } } })).toEqual(
      [],
    );
  });
});
