import { AT_4, AT_5, beside, COMPOSE, FINE, type HostileProject, harmless, refusedAt, web } from './hostile-project.ts';

/** YAML that Compose reads otherwise than most. */
export const HIDDEN: readonly HostileProject[] = [
  ...['\u2028', '\u2029', '\u0085', '\r'].map((end) =>
    refusedAt(
      `a line that ends with ${JSON.stringify(end)}`,
      'compose/unclear-yaml',
      AT_4,
      web(`# a comment${end}    env_file: OUTSIDE/secret.env`),
    ),
  ),
  refusedAt('a binary path', 'compose/unclear-yaml', AT_4, web(`env_file: !!binary ${base64('/etc/hostname')}`), {
    [`stack/${base64('/etc/hostname')}`]: 'A=1\n',
  }),
  refusedAt('an alias as a key', 'compose/unclear-yaml', AT_5, `x-k: &k env_file\n${web('*k : OUTSIDE/secret.env')}`),
  refusedAt(
    'an alias as a key with a question mark',
    'compose/unclear-yaml',
    AT_5,
    `x-k: &k env_file\n${web('? *k', ': OUTSIDE/secret.env')}`,
  ),
  refusedAt(
    'a merge with a tag',
    'compose/unclear-yaml',
    AT_5,
    `x-k: &k { env_file: OUTSIDE/secret.env }\n${web('! <<: *k')}`,
  ),
  refusedAt(
    'a merged path',
    'compose/absolute-path',
    `${COMPOSE}:1`,
    `x-k: &k { env_file: OUTSIDE/secret.env }\n${web('<<: *k')}`,
  ),
  refusedAt('another version of YAML', 'compose/unclear-yaml', `${COMPOSE}:1`, `%YAML 1.1\n---\n${web()}`),
  refusedAt(
    'several documents',
    'yaml/multiple-documents',
    AT_4,
    `${web()}---\nservices: { web: { env_file: OUTSIDE/secret.env } }\n`,
  ),
  harmless('a path that is taken back', web('env_file: !reset OUTSIDE/secret.env')),
];

/** Variables that say something else to Compose. */
export const VARIABLES: readonly HostileProject[] = [
  ...(
    [
      [
        'the configuration of Docker',
        '$DOCKER_CONFIG/config.json',
        { 'stack/.env': 'DOCKER_CONFIG=.\n', 'stack/config.json': 'A=1\n' },
      ],
      ['a home', '$HOME/a.env', { 'stack/.env': 'HOME=.\n' }],
      [
        'a variable in the value of a variable',
        '$F',
        { 'stack/.env': "X=OUTSIDE/secret.env\nF='$X'\n", 'stack/$X': 'A=1\n' },
      ],
      ['an escaped variable', '$$X', { 'stack/.env': 'X=OUTSIDE/secret.env\n', 'stack/$X': 'A=1\n' }],
      ['a variable that is set twice', '$F', { 'stack/.env': 'F=a.env\nF\u0085=OUTSIDE/secret.env\n' }],
      ['a variable within quotes', '$F', { 'stack/.env': 'F=a.env\nX="\n# " F=OUTSIDE/secret.env\n' }],
    ] as const
  ).map(([what, path, more]) =>
    refusedAt(what, 'compose/unclear-path', AT_4, web(`env_file: ${path}`), { ...FINE, ...more }),
  ),
  refusedAt(
    'letters that are like others',
    'compose/unset-variable',
    AT_4,
    web('env_file: $\u017f/OUTSIDE/secret.env'),
    { 'stack/$\u017f/OUTSIDE/secret.env': 'A=1\n' },
  ),
  refusedAt('a path out of .env', 'compose/absolute-path', AT_4, web('env_file: $F'), {
    'stack/.env': 'F=OUTSIDE/secret.env\n',
  }),
  refusedAt(
    'one file that is included twice',
    'compose/absolute-path',
    'stack/inc/d.yaml:4',
    beside('include:', '  - { path: inc/d.yaml, env_file: one.env }', '  - { path: inc/d.yaml, env_file: two.env }'),
    {
      'stack/one.env': 'F=base.yaml\n',
      'stack/two.env': 'F=OUTSIDE/secret.yml\n',
      'stack/inc/base.yaml': 'services: { base: { image: y } }\n',
      'stack/inc/d.yaml': 'services:\n  x:\n    extends:\n      file: $F\n      service: base\n',
    },
  ),
  harmless('a variable of the session in a container', web('environment: [SESSION_TOKEN, HOME]')),
  harmless('variables of Compose in .env', web(), {
    'stack/.env': [
      ...['COMPOSE_FILE=OUTSIDE/secret.yml', 'COMPOSE_ENV_FILES=OUTSIDE/secret.env', 'COMPOSE_PROJECT_NAME=other'],
      ...[
        'DOCKER_HOST=tcp://192.0.2.1:1',
        'DOCKER_CONFIG=OUTSIDE',
        'HOME=OUTSIDE',
        'COMPOSE_EXPERIMENTAL_GIT_REMOTE=true',
        '',
      ],
    ].join('\n'),
  }),
];

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
