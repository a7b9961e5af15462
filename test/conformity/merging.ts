import type { Case } from './case.ts';

/** What a base says and what an override file says. */
function override(title: string, base: string, over: string, more: Partial<Case> = {}): Case {
  const files = {
    'compose.yaml': `services:\n  a:\n    image: example/a\n${base.replaceAll(/^/gm, '    ')}\n`,
    'compose.override.yaml': `services:\n  a:\n${over.replaceAll(/^/gm, '    ')}\n`,
    ...more.files,
  };
  return { title: `override: ${title}`, files, ...(more.differs && { differs: more.differs }) };
}

function whole(title: string, files: Readonly<Record<string, string>>, differs?: string): Case {
  return { title, files, ...(differs && { differs }) };
}

const OVERRIDES: readonly Case[] = [
  override('a text', 'hostname: b', 'hostname: c'),
  override('ports', 'ports: ["80:80", "81:81"]', 'ports: ["80:80", "82:82"]'),
  override('one port of the container', 'ports: ["80:80"]', 'ports: ["8080:80"]'),
  override('a short and a long port', 'ports: ["80:80"]', 'ports: [{target: 80, published: "80", protocol: tcp}]'),
  override(
    'volumes',
    'volumes: ["./a:/x", "./b:/y"]',
    'volumes: ["./c:/x:ro", {type: bind, source: ./d, target: /z}]',
    { files: { 'c/x': '' } },
  ),
  override('variables', 'environment: {A: 1, B: 2}', 'environment: [B=3, C=4, D]'),
  override('variables as mappings', 'environment: {A: 1, B: }', 'environment: {A: , B: x}'),
  override('labels', 'labels: [a=b]', 'labels: {a: c, d: 1}'),
  override('a command', 'command: [a, b]', 'command: c d'),
  override('an entrypoint by nothing', 'entrypoint: a', 'entrypoint: []'),
  override('a command by null', 'command: a', 'command: null'),
  override('a health check', 'healthcheck: {test: a, interval: 5s}', 'healthcheck: {test: [CMD, b], retries: 2}'),
  override('networks', 'networks: [default]', 'networks: {default: {aliases: [b]}}'),
  override('network aliases', 'networks: {default: {aliases: [b]}}', 'networks: {default: {aliases: [b, c]}}'),
  override('a single text beside a list', 'dns: 192.0.2.1', 'dns: [192.0.2.2]'),
  override('temporary folders', 'tmpfs: /a', 'tmpfs: /b'),
  override('the same driver of logs', 'logging: {driver: a, options: {x: y}}', 'logging: {options: {z: w}}'),
  override('another driver of logs', 'logging: {driver: a, options: {x: y}}', 'logging: {driver: b}'),
  override('a build', 'build: .', 'build: {dockerfile: D, args: {A: 1}}'),
  override('arguments of a build', 'build: {context: ., args: [A=1, B=2]}', 'build: {args: {B: 3}}'),
  override('extra hosts', 'extra_hosts: ["a:192.0.2.1"]', 'extra_hosts: {b: 192.0.2.2, a: 192.0.2.1}'),
  override(
    'limits',
    'ulimits: {nofile: 1, nproc: {soft: 1, hard: 2}}',
    'ulimits: {nofile: 2, nproc: {soft: 3, hard: 4}}',
  ),
  override('devices', 'devices: ["/dev/a:/dev/x"]', 'devices: ["/dev/b:/dev/x"]'),
  override('capabilities', 'cap_add: [A]', 'cap_add: [A, B]'),
  override('security options twice', 'security_opt: [a]', 'security_opt: [a]'),
  override('expose', 'expose: [80]', 'expose: ["80", 81]'),
  override('profiles', 'profiles: [a]', 'profiles: [b]'),
  override('sysctls', 'sysctls: {a: 1}', 'sysctls: [a=2]'),
  override('deploy', 'deploy: {replicas: 2, labels: [a=b]}', 'deploy: {replicas: 1, labels: {a: c}}'),
  override('an extension', 'x-a: {b: [1], c: 2}', 'x-a: {b: [3], c: 4}'),
  override('a list by a mapping', 'ports: ["80:80"]', 'ports: {a: b}'),
  override('a mapping by a text', 'deploy: {replicas: 1}', 'deploy: x'),
  override('a mapping by null', 'deploy: {replicas: 1}', 'deploy: null'),
  override('a list by null', 'ports: ["80:80"]', 'ports: null'),
  override('a text by null', 'hostname: b', 'hostname: null'),
  override('an unknown key', 'hostname: b', 'hostnam: c'),
  override('!reset of a key', 'ports: ["80:80"]\nhostname: b', 'ports: !reset []\nhostname: !reset null'),
  override('!reset of a nested key', 'environment: {A: 1, B: 2}', 'environment: {A: !reset null}'),
  override('!reset in a health check', 'healthcheck: {test: a, interval: 5s}', 'healthcheck: {interval: !reset null}'),
  override('!override of a list', 'ports: ["80:80"]', 'ports: !override ["81:81"]'),
  override('!override of a mapping', 'environment: {A: 1}', 'environment: !override {B: 2}'),
  override('!reset in the only file', 'hostname: !reset b', 'tty: true'),
  override('env files', 'env_file: a.env', 'env_file: [b.env, a.env]', {
    files: { 'a.env': 'A=1\n', 'b.env': 'B=1\n' },
  }),
];

const WHOLE_OVERRIDES: readonly Case[] = [
  whole('override: a service more', {
    'compose.yaml': 'services: {a: {image: x}}\n',
    'compose.override.yaml': 'services: {b: {image: y, depends_on: [a]}}\nnetworks: {n: }\n',
  }),
  whole('override: dependencies', {
    'compose.yaml': 'services: {a: {image: x, depends_on: [b]}, b: {image: x}}\n',
    'compose.override.yaml': 'services: {a: {depends_on: {b: {condition: service_healthy}}}}\n',
  }),
  whole('override: a network', {
    'compose.yaml': 'services: {a: {image: x, networks: [n]}}\nnetworks: {n: {driver: bridge, labels: [a=b]}}\n',
    'compose.override.yaml': 'networks: {n: {internal: true, labels: {a: c}}}\n',
  }),
  whole('override: a network without value', {
    'compose.yaml': 'services: {a: {image: x, networks: [n]}}\nnetworks: {n: }\n',
    'compose.override.yaml': 'networks: {n: {internal: true}}\n',
  }),
  whole('override: subnets', {
    'compose.yaml':
      'services: {a: {image: x, networks: [n]}}\nnetworks: {n: {ipam: {config: [{subnet: 10.0.0.0/24}]}}}\n',
    'compose.override.yaml': 'networks: {n: {ipam: {config: [{subnet: 10.0.0.0/24, gateway: 10.0.0.1}]}}}\n',
  }),
  whole('override: a whole service reset', {
    'compose.yaml': 'services: {a: {image: x}, b: {image: y}}\n',
    'compose.override.yaml': 'services: {b: !reset null}\n',
  }),
  whole('override: an invalid base', {
    'compose.yaml': 'services: {a: {image: x, ports: "80"}}\n',
    'compose.override.yaml': 'services: {a: {ports: !override ["80"]}}\n',
  }),
  whole(
    'override: an empty file',
    { 'compose.yaml': 'services: {a: {image: x}}\n', 'compose.override.yaml': '' },
    'an empty override file is refused',
  ),
  whole('override: an undefined network healed', {
    'compose.yaml': 'services: {a: {image: x, networks: [n]}}\n',
    'compose.override.yaml': 'networks: {n: }\n',
  }),
];

const EXTENSIONS: readonly Case[] = [
  whole('extends a service of the file', {
    'compose.yaml':
      'services:\n  base: {image: x, environment: {A: 1}, ports: ["80:80"]}\n  a: {extends: base, environment: [B=2], ports: ["81:81"]}\n',
  }),
  whole('extends in long syntax', {
    'compose.yaml': 'services:\n  base: {image: x}\n  a: {extends: {service: base}, tty: true}\n',
  }),
  whole('extends a service of another file', {
    'compose.yaml': 'services:\n  a: {extends: {file: sub/base.yaml, service: base}, command: c}\n',
    'sub/base.yaml':
      'services:\n  base:\n    image: x\n    volumes: ["./data:/data:ro", "/abs:/abs"]\n    env_file: b.env\n    build: ./app\n',
    'sub/b.env': 'B=1\n',
    'sub/data/x': '1',
  }),
  whole('extends along a chain', {
    'compose.yaml': 'services:\n  a: {extends: {file: b.yaml, service: b}}\n',
    'b.yaml': 'services:\n  b: {extends: c, tty: true}\n  c: {extends: {file: d.yaml, service: d}, init: true}\n',
    'd.yaml': 'services:\n  d: {image: x}\n',
  }),
  whole('extends a service that is not there', { 'compose.yaml': 'services:\n  a: {image: x, extends: b}\n' }),
  whole('extends a service that is not in the file', {
    'compose.yaml': 'services:\n  a: {extends: {file: b.yaml, service: c}}\n',
    'b.yaml': 'services: {b: {image: x}}\n',
  }),
  whole('extends from a file that is not there', {
    'compose.yaml': 'services:\n  a: {image: x, extends: {file: none.yaml, service: b}}\n',
  }),
  whole('extends without service', { 'compose.yaml': 'services:\n  a: {image: x, extends: {file: compose.yaml}}\n' }),
  whole('extends in a circle', { 'compose.yaml': 'services:\n  a: {extends: b}\n  b: {extends: a, image: x}\n' }),
  whole('extends itself', { 'compose.yaml': 'services:\n  a: {image: x, extends: a}\n' }),
  whole('extends in a circle of files', {
    'compose.yaml': 'services:\n  a: {image: x, extends: {file: b.yaml, service: b}}\n',
    'b.yaml': 'services:\n  b: {extends: {file: compose.yaml, service: a}}\n',
  }),
  whole('extends what another service of the file breaks', {
    'compose.yaml': 'services:\n  a: {extends: {file: b.yaml, service: b}}\n',
    'b.yaml': 'services:\n  b: {image: x}\n  c: {image: x, ports: ["nonsense"]}\n',
  }),
  whole('extends with depends_on of the other file', {
    'compose.yaml': 'services:\n  a: {extends: {file: b.yaml, service: b}}\n',
    'b.yaml': 'services:\n  b: {image: x, depends_on: [c]}\n  c: {image: x}\n',
  }),
  whole('extends and !reset', {
    'compose.yaml':
      'services:\n  base: {image: x, ports: ["80:80"], environment: {A: 1}}\n  a: {extends: base, ports: !reset []}\n',
  }),
  whole('extends and !override', {
    'compose.yaml':
      'services:\n  base: {image: x, ports: ["80:80"]}\n  a: {extends: base, ports: !override ["81:81"]}\n',
  }),
  whole('extends an unknown key', { 'compose.yaml': 'services:\n  base: {image: x, foo: y}\n  a: {extends: base}\n' }),
  whole('extends in an override', {
    'compose.yaml': 'services: {a: {image: x}}\n',
    'compose.override.yaml': 'services:\n  base: {image: y, tty: true}\n  a: {extends: base}\n',
  }),
  whole('extends a base of the main file in an override', {
    'compose.yaml': 'services: {a: {image: x}, base: {image: y}}\n',
    'compose.override.yaml': 'services:\n  a: {extends: base}\n',
  }),
];

const INCLUSIONS: readonly Case[] = [
  whole('includes a file', {
    'compose.yaml': 'include: [sub/compose.yaml]\nservices: {a: {image: x, depends_on: [b]}}\n',
    'sub/compose.yaml': 'services: {b: {image: y, volumes: ["./data:/data", "v1:/v"]}}\nvolumes: {v1: }\n',
    'sub/data/x': '1',
  }),
  whole('includes a file with its variables', {
    'compose.yaml': 'include: [sub/compose.yaml]\nservices: {a: {image: x}}\n',
    'sub/compose.yaml': 'services: {b: {image: "y:${TAG}", environment: [OTHER]}}\n',
    'sub/.env': 'TAG=1\nOTHER=2\n',
    '.env': 'UNUSED=1\n',
  }),
  whole('what is set outside wins in an included file', {
    'compose.yaml': 'include: [sub/compose.yaml]\nservices: {a: {image: x}}\n',
    'sub/compose.yaml': 'services: {b: {image: "y:${TAG}"}}\n',
    'sub/.env': 'TAG=1\n',
    '.env': 'TAG=2\n',
  }),
  whole('includes in long syntax', {
    'compose.yaml':
      'include:\n  - path: [sub/one.yaml, sub/two.yaml]\n    project_directory: other\n    env_file: vars.env\nservices: {a: {image: x}}\n',
    'sub/one.yaml': 'services: {b: {image: "y:${TAG}", build: .}}\n',
    'sub/two.yaml': 'services: {b: {tty: true}}\n',
    'vars.env': 'TAG=3\n',
    'other/x': '',
  }),
  whole('includes a file that includes one', {
    'compose.yaml': 'include: [sub/compose.yaml]\nservices: {a: {image: x}}\n',
    'sub/compose.yaml': 'include: [deeper/compose.yaml]\nservices: {b: {image: y, build: ./b}}\n',
    'sub/deeper/compose.yaml': 'services: {c: {image: z, build: ./c}}\n',
  }),
  whole('includes itself', { 'compose.yaml': 'include: [compose.yaml]\nservices: {a: {image: x}}\n' }),
  whole('includes in a circle', {
    'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: x}}\n',
    'b.yaml': 'include: [compose.yaml]\nservices: {b: {image: x}}\n',
  }),
  whole('includes a file that is not there', { 'compose.yaml': 'include: [none.yaml]\nservices: {a: {image: x}}\n' }),
  whole('includes another service of the same name', {
    'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: x}}\n',
    'b.yaml': 'services: {a: {image: y}}\n',
  }),
  whole('includes the same service twice', {
    'compose.yaml': 'include: [b.yaml, c.yaml]\nservices: {a: {image: x}}\n',
    'b.yaml': 'services: {b: {image: y}}\n',
    'c.yaml': 'services: {b: {image: y}}\n',
  }),
  whole('includes the same network', {
    'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: x, networks: [n]}}\nnetworks: {n: {external: true}}\n',
    'b.yaml': 'services: {b: {image: y, networks: [n]}}\nnetworks: {n: {external: true}}\n',
  }),
  whole('includes a network that differs', {
    'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: x, networks: [n]}}\nnetworks: {n: {external: true}}\n',
    'b.yaml': 'services: {b: {image: y, networks: [n]}}\nnetworks: {n: {driver: bridge}}\n',
  }),
  whole('an override of what is included', {
    'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: x}}\n',
    'compose.override.yaml': 'services: {b: {tty: true}}\n',
    'b.yaml': 'services: {b: {image: y}}\n',
  }),
  whole('an included file with a fault', {
    'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: x}}\n',
    'b.yaml': 'services: {b: {image: y, foo: z}}\n',
  }),
  whole('include alone', { 'compose.yaml': 'include: [b.yaml]\n', 'b.yaml': 'services: {b: {image: y}}\n' }),
  whole('include as a text', {
    'compose.yaml': 'include: b.yaml\nservices: {a: {image: x}}\n',
    'b.yaml': 'services: {b: {image: y}}\n',
  }),
  whole(
    'include without path',
    { 'compose.yaml': 'include: [{project_directory: x}]\nservices: {a: {image: x}}\n' },
    'an inclusion without path includes nothing',
  ),
  whole('dollar signs in an included file', {
    'compose.yaml': 'include: [b.yaml]\nservices: {a: {image: x}}\n',
    'b.yaml': 'services: {b: {image: y, command: ["a $$b"], environment: {A: "$$c"}}}\n',
  }),
];

const VARIABLES: readonly Case[] = [
  ...[
    ['a default', 'image: "x:${TAG:-1}"'],
    ['a default for what is empty', 'image: "x:${EMPTY:-1}"'],
    ['a default without colon', 'image: "x:${EMPTY-1}"'],
    ['an alternative', 'image: "x:${SET:+other}"'],
    ['a default within a default', 'image: "x:${A:-${B:-${SET}}}"'],
    ['a required one', 'image: "x:${SET:?say it}"'],
    ['a required one that is missing', 'image: "x:${NONE:?say it}"'],
    ['a required one that is empty', 'image: "x:${EMPTY:?say it}"'],
    ['without braces', 'image: "x:$SET"'],
    ['a number', 'image: x\n    scale: ${TWO}'],
    ['a number that is none', 'image: x\n    scale: ${SET}'],
    ['a truth', 'image: x\n    privileged: ${YES}'],
    ['a port', 'image: x\n    ports: ["${PORT}:80"]'],
    ['a long port', 'image: x\n    ports: [{target: "${PORT}", published: "${PORT}"}]'],
    ['a size', 'image: x\n    mem_limit: ${SIZE}'],
    ['a duration', 'image: x\n    stop_grace_period: ${TIME}'],
    ['a command', 'image: x\n    command: run ${WORDS}'],
    ['a key', 'image: x\n    environment: {"${SET}": 1}'],
    ['a list of variables', 'image: x\n    environment: ["${SET}=1", SET, "A=${SET}"]'],
    ['an empty name', 'image: "x:${}"'],
    ['an open brace', 'image: "x:${SET"'],
    ['a bad name', 'image: "x:${a-b}"'],
    ['a space in a name', 'image: "x:${a b}"'],
    ['a default in YAML', 'image: ${NONE:-x}'],
    ['a mapping in a default', 'image: x\n    command: ["${NONE:-{\\"a\\":1}}"]'],
  ].map(([title, lines]) =>
    whole(`variable: ${title}`, {
      'compose.yaml': `services:\n  a:\n    ${lines}\n`,
      '.env': 'SET=set\nEMPTY=\nTWO=2\nYES=yes\nPORT=8080\nSIZE=64m\nTIME=5s\nWORDS="a b"\n',
    }),
  ),
  whole(
    'an unset variable',
    { 'compose.yaml': 'services: {a: {image: "x:${NONE}"}}\n' },
    'a variable without value is refused',
  ),
  whole(
    'an unset secret',
    {
      'compose.yaml': 'services: {a: {image: x, secrets: [s]}}\nsecrets: {s: {environment: NONE}}\n',
    },
    'a variable without value is refused',
  ),
];

const PATHS: readonly Case[] = [
  whole(
    'a mounted file that is not there',
    { 'compose.yaml': 'services: {a: {image: x, volumes: ["./none.conf:/x:ro"]}}\n' },
    'a file that is mounted must be in git',
  ),
  whole(
    'a secret file that is not there',
    { 'compose.yaml': 'services: {a: {image: x, secrets: [s]}}\nsecrets: {s: {file: ./none}}\n' },
    'a file of the project must be in git',
  ),
  whole(
    'a mounted folder outside',
    { 'compose.yaml': 'services: {a: {image: x, volumes: ["../../../x:/x"]}}\n' },
    'paths stay in the repository',
  ),
  whole(
    'a mounted folder of the user',
    { 'compose.yaml': 'services: {a: {image: x, volumes: ["~/x:/x"]}}\n' },
    'the user may be another one on the host',
  ),
  whole(
    'an absolute env file',
    { 'compose.yaml': 'services: {a: {image: x, env_file: /dev/null}}\n' },
    'files of the project are named by relative paths',
  ),
  whole('a remote inclusion', {
    'compose.yaml': 'include: ["https://example.com/none.git"]\nservices: {a: {image: x}}\n',
  }),
  whole(
    'a seccomp profile',
    { 'compose.yaml': 'services: {a: {image: x, security_opt: ["seccomp:./p.json"]}}\n', 'p.json': '{}' },
    'Compose looks for it on the host',
  ),
];

export const MERGING: readonly Case[] = [
  ...OVERRIDES,
  ...WHOLE_OVERRIDES,
  ...EXTENSIONS,
  ...INCLUSIONS,
  ...VARIABLES,
  ...PATHS,
];
