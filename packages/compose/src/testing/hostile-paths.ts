import { AT_4, AT_5, beside, FINE, type HostileProject, harmless, refusedAt, web } from './hostile-project.ts';

/** Paths that say what they are. */
export const OPEN_PATHS: readonly HostileProject[] = [
  refusedAt('an absolute env file', 'compose/absolute-path', AT_4, web('env_file: OUTSIDE/secret.env')),
  refusedAt('an env file above', 'compose/path-outside', AT_4, web('env_file: UP/secret.env')),
  refusedAt('an env file at home', 'compose/home-path', AT_4, web('env_file: ~/.docker/config.json')),
  refusedAt(
    'an optional env file',
    'compose/absolute-path',
    AT_4,
    web('env_file: [{ path: OUTSIDE/secret.env, required: false }]'),
  ),
  refusedAt('an absolute label file', 'compose/absolute-path', AT_4, web('label_file: OUTSIDE/secret.env')),
  refusedAt(
    'a service of elsewhere',
    'compose/absolute-path',
    AT_5,
    web('extends:', '  file: OUTSIDE/secret.yml', '  service: base'),
  ),
  refusedAt('an included file of elsewhere', 'compose/absolute-path', AT_4, beside('include: [OUTSIDE/secret.yml]')),
  refusedAt(
    'several included files',
    'compose/path-outside',
    AT_4,
    beside('include: [{ path: [inc/c.yaml, UP/secret.yml] }]'),
    FINE,
  ),
  refusedAt(
    'an env file of an included project',
    'compose/absolute-path',
    AT_4,
    beside('include: [{ path: inc/c.yaml, env_file: OUTSIDE/secret.env }]'),
    FINE,
  ),
  refusedAt(
    'a project directory of elsewhere',
    'compose/absolute-path',
    AT_4,
    beside('include: [{ path: inc/c.yaml, project_directory: OUTSIDE/app }]'),
    FINE,
  ),
  refusedAt(
    'a project directory above',
    'compose/path-outside',
    AT_4,
    beside('include: [{ path: inc/c.yaml, project_directory: UP/app }]'),
    FINE,
  ),
  refusedAt(
    'a project directory and nothing else',
    'compose/absolute-path',
    AT_4,
    beside('include: [{ project_directory: OUTSIDE/app }]'),
  ),
  refusedAt('a file by https', 'compose/remote-file', AT_4, beside('include: [https://example.com/a.yml]')),
  refusedAt('a repository by ssh', 'compose/remote-file', AT_4, beside('include: ["git@example.com:a/b.git"]')),
  refusedAt('an artifact of a registry', 'compose/remote-file', AT_4, beside('include: ["oci://example.com/a:1"]')),
  refusedAt('a secret of elsewhere', 'compose/absolute-path', AT_4, beside('secrets: { a: { file: OUTSIDE/shadow } }')),
  refusedAt('a config of elsewhere', 'compose/path-outside', AT_4, beside('configs: { a: { file: UP/shadow } }')),
  refusedAt(
    'a secret out of the environment of Compose',
    'compose/unset-variable',
    AT_4,
    beside('secrets: { a: { environment: DOCKER_CONFIG } }'),
  ),
  refusedAt('a variable of the session', 'compose/unset-variable', AT_4, web('hostname: $SESSION_TOKEN')),
];

/** Links of the repository. */
export const LINKS: readonly HostileProject[] = [
  refusedAt('a link to a file', 'compose/path-outside', AT_4, web('env_file: link'), {
    'stack/link': '-> OUTSIDE/secret.env',
  }),
  refusedAt('a relative link', 'compose/path-outside', AT_4, web('env_file: link'), {
    'stack/link': '-> ../../../../../../../../OUTSIDE/secret.env',
  }),
  refusedAt('a link to a folder', 'compose/path-outside', AT_4, web('env_file: link/secret.env'), {
    'stack/link': '-> OUTSIDE',
  }),
  refusedAt('a link behind a link', 'compose/path-outside', AT_4, web('env_file: one/secret.env'), {
    'stack/one': '-> ../two',
    two: '-> OUTSIDE',
  }),
  refusedAt("a link to git's own files", 'compose/path-outside', AT_4, web('env_file: link'), {
    'stack/link': '-> ../.git/config',
  }),
  refusedAt('a link that nobody names', 'compose/path-outside', 'stack/link', web(), {
    'stack/link': '-> OUTSIDE/shadow',
  }),
  refusedAt('a linked .env', 'compose/path-outside', 'stack/.env', web(), { 'stack/.env': '-> OUTSIDE/secret.env' }),
];

/** Files that Compose opens later, if ever. */
export const LATER: readonly HostileProject[] = [
  harmless('a seccomp profile', web('security_opt: ["seccomp:OUTSIDE/shadow"]')),
  harmless(
    'a build',
    web(
      'build: { context: OUTSIDE, dockerfile: shadow, additional_contexts: { a: OUTSIDE }, ssh: ["default=OUTSIDE/shadow"] }',
    ),
  ),
  harmless('arguments of a build', web('build: { context: ., args: [SESSION_TOKEN, HOME] }')),
  harmless('a program that provides', 'services:\n  web:\n    provider: { type: OUTSIDE/program }\n'),
  harmless('a credential specification', web('credential_spec: { file: OUTSIDE/shadow }')),
  harmless(
    'a volume that is a folder',
    beside('volumes: { a: { driver: local, driver_opts: { type: none, o: bind, device: OUTSIDE } } }'),
  ),
  harmless('a folder to watch', web('develop: { watch: [{ path: OUTSIDE, action: sync, target: /x }] }')),
  harmless('a command after the start', web('post_start: [{ command: cat OUTSIDE/shadow }]')),
  harmless('a model', beside('models: { a: { model: OUTSIDE/shadow } }')),
  harmless('a folder of the host', web('volumes: ["OUTSIDE:/x:ro"]')),
];
