import { describe, expect, test } from 'vitest';
import { anonymousVolumeFindings } from '../lint/anonymous-volumes.ts';
import { imageFindings } from '../lint/images.ts';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { check, found, one } from './testing/checked.ts';

describe('a fault is found where it was written', () => {
  test('behind an alias and a merge', async () => {
    const text =
      'x-base: &base\n  image: nginx:1.28\n  restrt: always\nservices:\n  web: { <<: *base }\n  api: *base\n';
    expect(await found(text)).toEqual([
      'compose.yaml:3:3 compose/unknown-key unknown key `restrt` in `services.web` → did you mean `restart`?',
      'compose.yaml:3:3 compose/unknown-key unknown key `restrt` in `services.api` → did you mean `restart`?',
    ]);
  });

  test('in an override file, an included and an extended one', async () => {
    const main = 'include: [more/compose.yaml]\nservices: { web: { extends: { file: base.yaml, service: base } } }\n';
    const files = {
      'compose.yaml': main,
      'base.yaml': 'services:\n  base:\n    image: nginx:1.28\n    networks:\n      - nowhere\n',
      'more/compose.yaml': 'services:\n  cache:\n    image: redis:8\n    mem_limit: 1 gig\n',
      'compose.override.yaml': 'services:\n  cache:\n    volumes:\n      - lost:/data\n',
    };
    expect((await found(files)).map((finding) => finding.split(' ').slice(0, 2).join(' '))).toEqual([
      'more/compose.yaml:4:16 compose/bad-value',
      'compose.override.yaml:4:9 compose/undefined-volume',
      'base.yaml:5:9 compose/undefined-network',
    ]);
  });

  test('in a service that runs in a profile only, as a warning', async () => {
    const { findings } = await check(`${one('')}  debug: { image: "x:1", profiles: [debug], networks: [none] }\n`);
    expect(findings.map(({ rule, severity, line }) => [rule, severity, line])).toEqual([
      ['compose/broken-profile', 'warning', 5],
    ]);
  });
});

test('a value that lacks a variable is said once', async () => {
  expect(await found(one('scale: ${REPLICAS}'))).toEqual([
    'compose.yaml:4:12 compose/unset-variable variable `REPLICAS` is not set → set `REPLICAS` in shop/.env (docs/secrets.md if git ignores it), or write a default: `${REPLICAS:-…}`',
  ]);
});

test('a value that nobody knows here is no fault', async () => {
  const lines = [
    'scale: ${X}',
    'ports: ["${X}:80", { target: "${X}" }]',
    'mem_limit: ${X}',
    'stop_grace_period: ${X}',
    'privileged: ${X}',
    'networks: ["${X}"]',
    'volumes: ["${X}:/data"]',
    'extra_hosts: ["${X}"]',
    'command: "${X}"',
    'pull_policy: ${X}',
    'depends_on: ["${X}"]',
  ];
  expect(await found({ 'compose.yaml': one(lines.join('\n')), '.env': `X=${UNKNOWN_VALUE}\n` })).toEqual([]);
});

test('what a variable holds is in no message', async () => {
  const secret = ['hunter', '2'].join('');
  const lines =
    'scale: ${SECRET}\nports: ["${SECRET}"]\nmem_limit: ${SECRET}\nenvironment: { A: [ "${SECRET}" ], B: 2024-01-01 }';
  const files = { 'compose.yaml': one(lines), '.env': `SECRET=${secret}\n` };
  expect((await found(files)).join('\n')).not.toContain(secret);
});

test('every value of the model has the place where it was written', async () => {
  const { project } = await check({
    'compose.yaml':
      one('environment:\n  - A=1\n  - B=2\nports: ["80:80"]\ndepends_on: [db]\nvolumes:\n  - ./conf:/conf') +
      '  db: { image: "postgres:17" }\n',
    'compose.override.yaml': 'services:\n  web:\n    environment: { B: 3 }\n    ports:\n      - 81:81\n',
  });
  const at = (...path: (string | number)[]) => {
    const { file = '', line, column } = project?.placeOf(path) ?? {};
    return `${file.slice(5)}:${line}:${column}`;
  };
  expect(at('services', 'web', 'image')).toBe('compose.yaml:3:12');
  expect(at('services', 'web', 'environment', 'A')).toBe('compose.yaml:5:9');
  expect(at('services', 'web', 'environment', 'B')).toBe('compose.override.yaml:3:23');
  expect(at('services', 'web', 'ports', 0, 'published')).toBe('compose.yaml:7:13');
  expect(at('services', 'web', 'ports', 1)).toBe('compose.override.yaml:5:9');
  expect(at('services', 'web', 'depends_on', 'db')).toBe('compose.yaml:8:18');
  expect(at('services', 'web', 'volumes', 0, 'source')).toBe('compose.yaml:10:9');
  expect(at('services', 'web', 'networks', 'default')).toBe('compose.yaml:2:3');
  expect(at('services', 'none')).toBe('compose.yaml:1:1');
});

test('paths of the model begin at the root of the repository', async () => {
  const { project } = await check({
    'compose.yaml': 'include: [sub/compose.yaml]\nservices: {}\n',
    'sub/compose.yaml': 'services:\n  a: { build: ., volumes: ["./data:/data", "../up:/up", "/abs:/abs"] }\n',
  });
  const { build, volumes } = project?.model.services?.['a'] ?? {};
  expect([build?.context, ...(volumes ?? []).map(({ source }) => source)]).toEqual([
    'shop/sub',
    'shop/sub/data',
    'shop/up',
    '/abs',
  ]);
});

test('of what hangs on a variable without a value nothing else is said', async () => {
  const lines = ['image: "postgres:${TAG}"', 'volumes: ["${DATA}:/data", "data:/${PLACE:?}"]', 'ports: ["${PORT}:80"]'];
  const compose = `services:\n  db:\n    ${lines.join('\n    ')}\nvolumes: { data: }\n`;
  const { project, findings } = await check({ 'compose.yaml': compose });
  expect(findings.map(({ rule }) => rule)).toEqual(Array.from({ length: 4 }, () => 'compose/unset-variable'));
  expect(project && [...imageFindings(project), ...anonymousVolumeFindings(project)]).toEqual([]);
});
