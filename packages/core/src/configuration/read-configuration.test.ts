import { expect, test } from 'vitest';
import type { Finding } from '../model.ts';
import { readEnvironmentFile, readGitopsFile } from './read-configuration.ts';

const FILE = 'environments/production/environment.yml';

const VALID = `apiVersion: gitops/v1
targets:
  docker:
    kind: docker
    host: docker.example.com
    user: gitops
`;

function shown(findings: readonly Finding[]): string[] {
  return findings.map(({ line, column, message, remedy }) => `${line}:${column} ${message} → ${remedy}`);
}

test('everything that may be left out has its default', () => {
  expect(readEnvironmentFile(FILE, VALID).value).toEqual({
    apiVersion: 'gitops/v1',
    targets: {
      docker: { kind: 'docker', host: 'docker.example.com', port: 22, user: 'gitops', stateDir: '/var/lib/gitops' },
    },
    health: { deadline: 120_000, stability: 15_000, confirmTimeout: 60_000, probes: [] },
    retention: { days: 30, releases: 5 },
  });
});

test('anchors, aliases and merge keys are read', () => {
  const text = `apiVersion: gitops/v1
branch: &name main
targets:
  docker: { <<: [{ user: nobody, port: 2222 }], kind: docker, host: *name, user: gitops }
`;
  expect(readEnvironmentFile(FILE, text).value?.targets).toEqual({
    docker: { kind: 'docker', host: 'main', port: 2222, user: 'gitops', stateDir: '/var/lib/gitops' },
  });
});

test('a fault that is reached through an alias is shown where it is written', () => {
  const text = `apiVersion: gitops/v1
branch: &name -bad host-
targets:
  docker: { kind: docker, user: gitops, host: *name }
`;
  expect(shown(readEnvironmentFile(FILE, text).findings)).toEqual([
    '2:15 `targets.docker.host` is "-bad host-" → write a host name or an IP address; the port goes to `port`, the user to `user`',
  ]);
});

test('all faults of a file are reported at once', () => {
  const text = `apiVersion: gitops/v2
brunch: main
targets:
  docker:
    kind: docker
    port: 70000
    jump: bastion
    stateDir: var/lib
hooks: {}
stacks:
  - name: Web
    strategy: canary
    secrets: .env.encrypted
  - name: two
health:
  deadline: 2 minutes
  probes:
    - name: none
    - name: both
      http: https://a.example.com
      tcp: a:1
    - { name: port, tcp: example.com }
    - { name: url, http: example.com/health, expect: { status: ok } }
    - { name: large, tcp: "a:70000" }
retention: { days: 0 }
`;
  const seen = shown(readEnvironmentFile(FILE, text).findings).map((line) => line.replace(/ → .*/, ''));
  expect(seen.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))).toMatchInlineSnapshot(`
    [
      "1:13 \`apiVersion\` is "gitops/v2"",
      "2:1 unknown key \`brunch\`",
      "4:3 \`targets.docker.host\` is missing",
      "4:3 \`targets.docker.user\` is missing",
      "6:11 \`targets.docker.port\` is 70000",
      "7:11 \`targets.docker.jump\` is "bastion"",
      "8:15 \`targets.docker.stateDir\` is "var/lib"",
      "9:1 \`hooks\` is reserved, not supported yet",
      "11:11 \`stacks[0].name\` is "Web"",
      "12:15 \`stacks[0].strategy\` is "canary", not supported yet",
      "16:13 \`health.deadline\` is "2 minutes"",
      "18:7 \`health.probes[0]\` has neither \`http\` nor \`tcp\`",
      "19:7 \`health.probes[1]\` has both \`http\` and \`tcp\`",
      "22:26 \`health.probes[2].tcp\` is "example.com"",
      "23:26 \`health.probes[3].http\` is "example.com/health"",
      "23:64 \`health.probes[3].expect.status\` is "ok"",
      "24:27 \`health.probes[4].tcp\` is "a:70000"",
      "25:20 \`retention.days\` is 0",
    ]
  `);
});

test.each<[fault: string, line: string, finding: string]>([
  ['a wrong version', 'apiVersion: v1', '1:13 `apiVersion` is "v1" → write `gitops/v1`, the only version so far'],
  ['an unknown key', 'nmae: x', '3:1 unknown key `nmae` → did you mean `name`?'],
  [
    'an unknown key that is like none',
    'zzzzzz: x',
    '3:1 unknown key `zzzzzz` → use one of `apiVersion`, `name`, `rules`, `secrets`',
  ],
  ['a reserved key', 'hooks: []', '3:1 `hooks` is reserved, not supported yet → remove it'],
  [
    'a bad name',
    'name: My Repo',
    '2:7 `name` is "My Repo" → use lower-case letters, digits, `-` and `_`, beginning with a letter or a digit',
  ],
  ['a number as a name', 'name: 7', '2:7 `name` is 7 → write text (in quotes, if it looks like a number or is empty)'],
  ['an empty name', 'name:', '2:1 `name` is empty → write text (in quotes, if it looks like a number or is empty)'],
  [
    'a duplicate key',
    'name: x\nname: y',
    '3:1 key `name` is written twice in the same mapping → remove one of the two',
  ],
  [
    'invalid YAML',
    'name: [x',
    '3:1 invalid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] → correct the YAML here',
  ],
  [
    'a second document',
    'name: x\n---\nname: y',
    '3:1 the file holds more than one document → keep one YAML document in a file',
  ],
  [
    'an alias without anchor',
    'name: *nowhere',
    '2:7 alias `*nowhere` has no anchor → set the anchor `&nowhere` above this line',
  ],
])('%s is found at its place', (_, line, finding) => {
  const [key] = line.split(':');
  const rest = ['apiVersion: gitops/v1', 'name: x'].filter((other) => !other.startsWith(`${key}:`));
  const text = line.startsWith('apiVersion') ? [line, ...rest] : [...rest, line];
  expect(shown(readGitopsFile('gitops.yml', `${text.join('\n')}\n`).findings)).toContain(finding);
});

test('a missing key is shown at the mapping that lacks it', () => {
  const text = 'apiVersion: gitops/v1\ntargets:\n  docker:\n    kind: docker\n    user: gitops\n';
  expect(shown(readEnvironmentFile(FILE, text).findings)).toEqual([
    '3:3 `targets.docker.host` is missing → add `host:`, the host name or IP address of the SSH server',
  ]);
});

test('an empty file is a finding', () => {
  expect(shown(readGitopsFile('gitops.yml', '').findings)).toEqual([
    '1:1 `the file` is empty → write a mapping with apiVersion, name',
  ]);
});

test('too many aliases are a finding, not an exception', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key, i) => `${key}: &${key} [${`*${'abcdefg'[i]},`.repeat(9)}]`),
  ];
  expect(readGitopsFile('gitops.yml', bomb.join('\n')).findings.map(({ rule }) => rule)).toEqual(['yaml/alias']);
});
