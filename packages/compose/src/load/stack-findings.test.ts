import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '@gitops/repository';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadStack } from './load-stack.ts';

let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'gitops-findings-'));
  await mkdir(join(root, 'stack/folder'), { recursive: true });
  await writeFile(join(root, 'stack/.env'), 'SET=1\nUP=../..\nEMPTY=\n');
  await writeFile(join(root, 'stack/folder/file'), '');
  await symlink('/etc', join(root, 'leak'));
  execFileSync('git', ['init', '--quiet'], { cwd: root });
  execFileSync('git', ['add', '--all'], { cwd: root });
  execFileSync('git', ['-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '--message', 'x'], {
    cwd: root,
  });
});

afterAll(() => rm(root, { recursive: true }));

/** Findings of one Compose file, as `line:column severity message → remedy`. */
async function findingsOf(compose: string): Promise<string[]> {
  await writeFile(join(root, 'stack/compose.yaml'), compose);
  const { findings } = await loadStack(await openRepository(root), 'shop', 'stack');
  return findings.map(({ file, line, column, severity, message, remedy }) => {
    expect(file).toBe('stack/compose.yaml');
    return `${line}:${column} ${severity} ${message} → ${remedy}`;
  });
}

/** A service with one more line, the fourth of the file. */
function web(line: string): string {
  return `services:\n  web:\n    image: nginx\n    ${line}\n`;
}

const SET_IT = (name: string) =>
  `set \`${name}\` in stack/.env (docs/secrets.md if git ignores it), or write a default: \`\${${name}:-…}\``;
const NAME_ONE = 'name a file of the repository';
const PUT_IT = 'put the file into the repository and write a relative path';
const ADD_IT = 'add it to git, or correct the path';
const ENCRYPT_IT = `${ADD_IT}; what is secret goes into the \`.env\` of the stack, encrypted (docs/secrets.md)`;
const WHOSE =
  "if the application writes it, name the host's own file by its absolute path; if it is configuration, add it to git";
const CREATED =
  'nothing, if the application fills it: the folder on the host stays as it is, and is made where there is none';
const A_PROFILE =
  'is a seccomp profile of the repository, and Compose looks for it on the host → put the profile on the host and write its absolute path';
const another = (path: string) => `\`${path}\` is an absolute path, which means another file on every machine`;

test.each<[what: string, compose: string, findings: string[]]>([
  [
    'invalid YAML',
    'services: {web\n',
    [
      '2:1 error invalid YAML: Flow map in block collection must be sufficiently indented and end with a } → correct the YAML here',
    ],
  ],
  [
    'a duplicate key',
    web('image: other'),
    ['4:5 error key `image` is written twice in the same mapping → remove one of the two'],
  ],
  [
    'several documents',
    `${web('')}---\n`,
    ['5:1 error the file holds more than one document → keep one YAML document in a file'],
  ],
  [
    'a list in place of a mapping',
    '- web\n',
    ['1:1 error the file is no Compose file → write a mapping with `services:`'],
  ],
  ['an empty file', '', ['1:1 error the file is no Compose file → write a mapping with `services:`']],
])('%s', async (_, compose, findings) => {
  expect(await findingsOf(compose)).toEqual(findings);
});

test.each<[line: string, findings: string[]]>([
  ['command: "$NOT_SET ${SET} $$X ${EMPTY}"', [`4:15 error variable \`NOT_SET\` is not set → ${SET_IT('NOT_SET')}`]],
  [
    'command: ["${HOME}", "a $PATH"]',
    [
      `4:16 error variable \`HOME\` is not set → ${SET_IT('HOME')}`,
      `4:29 error variable \`PATH\` is not set → ${SET_IT('PATH')}`,
    ],
  ],
  [
    'command: "${A:?say why} ${EMPTY:?}"',
    [
      '4:15 error variable `A` is required: say why → set `A` in stack/.env',
      '4:29 error variable `EMPTY` is required → set `EMPTY` in stack/.env',
    ],
  ],
  ['command: "${A:-d} ${A-d} ${A:+x} ${A+x} ${COMPOSE_PROJECT_NAME}"', []],
  ['command: "${A:-${B}}"', [`4:20 error variable \`B\` is not set → ${SET_IT('B')}`]],
  [
    'command: "${A B}"',
    ['4:15 error `${A B}` is no variable that Compose can read → write the name in braces, or `$$` for a dollar sign'],
  ],
  [
    'command: |-\n      one\n      two $A $A',
    [`6:11 error variable \`A\` is not set → ${SET_IT('A')}`, `6:14 error variable \`A\` is not set → ${SET_IT('A')}`],
  ],
  ['# command: $A', []],
  ['labels: { $A: x }', []],
  [
    'restart: always\nsecrets: { key: { environment: NOT_SET }, set: { environment: SET } }',
    ['5:32 error variable `NOT_SET` is not set → set `NOT_SET` in stack/.env'],
  ],
  ['restart: always\nconfigs: { key: { environment: EMPTY } }', []],
  ['x-note: $A', [`4:13 error variable \`A\` is not set → ${SET_IT('A')}`]],
])('variables in %s', async (line, findings) => {
  expect(await findingsOf(web(line))).toEqual(findings);
});

test.each<[line: string, findings: string[]]>([
  [
    'env_file: nowhere.env',
    [`4:15 error \`nowhere.env\` does not exist (\`stack/nowhere.env\` in the repository) → ${ENCRYPT_IT}`],
  ],
  ['env_file: [{ path: nowhere.env, required: false }]', []],
  [
    'env_file: [{ path: nowhere.env }]',
    [`4:24 error \`nowhere.env\` does not exist (\`stack/nowhere.env\` in the repository) → ${ENCRYPT_IT}`],
  ],
  [
    'env_file: other/.env',
    [
      '4:15 error `other/.env` does not exist (`stack/other/.env` in the repository) → if git ignores it, nobody but you may have it: encrypt it (docs/secrets.md) and name it as `secrets:` of the stack, let the workflow write it, or add `.env.example` with its names',
    ],
  ],
  ['env_file: ../../up.env', [`4:15 error \`../../up.env\` leaves the repository → ${NAME_ONE}`]],
  ['env_file: "${UP}/up.env"', [`4:15 error \`../../up.env\` leaves the repository → ${NAME_ONE}`]],
  ['env_file: [/etc/web.env]', [`4:16 error ${another('/etc/web.env')} → ${PUT_IT}`]],
  ['env_file: folder', ['4:15 error `folder` is a folder → name a file']],
  [
    'env_file: ../leak/hostname',
    [
      '4:15 error `leak/hostname` leads through a symbolic link to `/etc/hostname`, outside of the repository → link to a file of the repository, or put the file itself there',
    ],
  ],
  ['volumes: ["./folder:/a", "/mnt/media:/b", "named:/c", "/anonymous"]', []],
  ['volumes: ["../..:/a"]', [`4:15 error \`../..\` leaves the repository → ${NAME_ONE}`]],
  ['volumes: ["~/data:/a"]', ['4:15 error `~/data` depends on the user Compose runs as → write the absolute path']],
  [
    'volumes: ["./nginx.conf:/a"]',
    [`4:15 error \`./nginx.conf\` does not exist (\`stack/nginx.conf\` in the repository) → ${WHOSE}`],
  ],
  [
    'volumes: ["./html:/a:ro,z"]',
    [`4:15 error \`./html\` does not exist (\`stack/html\` in the repository) → ${ADD_IT}`],
  ],
  [
    'volumes: ["./data:/a", "./conf.d:/b"]',
    [
      `4:15 warning \`./data\` does not exist (\`stack/data\` in the repository) → ${CREATED}`,
      `4:28 warning \`./conf.d\` does not exist (\`stack/conf.d\` in the repository) → ${CREATED}`,
    ],
  ],
  [
    'volumes: [{ type: bind, source: html, target: /a, read_only: true }]',
    [`4:37 error \`html\` does not exist (\`stack/html\` in the repository) → ${ADD_IT}`],
  ],
  [
    'volumes: [{ type: bind, source: data, target: /a, bind: { create_host_path: false } }]',
    [`4:37 error \`data\` does not exist (\`stack/data\` in the repository) → ${ADD_IT}`],
  ],
  [
    'volumes: [{ type: bind, source: ../../x, target: /a }, { type: volume, source: ../../x, target: /b }]',
    [`4:37 error \`../../x\` leaves the repository → ${NAME_ONE}`],
  ],
  [
    'security_opt: ["seccomp:./p.json", "seccomp=${UP}/p.json", "seccomp:~/p.json"]',
    [
      `4:20 error \`./p.json\` ${A_PROFILE}`,
      `4:40 error \`../../p.json\` ${A_PROFILE}`,
      '4:64 error `~/p.json` depends on the user Compose runs as → write the absolute path',
    ],
  ],
  [
    'security_opt: ["seccomp:/etc/p.json", "seccomp=unconfined", "seccomp:builtin", "no-new-privileges:true", "label:disable"]',
    [],
  ],
  ['extends: { file: /base.yaml, service: x }', [`4:22 error ${another('/base.yaml')} → ${PUT_IT}`]],
  [
    'extends: { file: https://example.com/base.yaml, service: x }',
    ['4:22 error `https://example.com/base.yaml` is fetched from elsewhere → put the file into the repository'],
  ],
])('files in %s', async (line, findings) => {
  expect(await findingsOf(web(line))).toEqual(findings);
});

test.each([
  'https://example.com/c.yaml',
  'git@github.com:a/b.git',
  'oci://registry/a',
  'ssh://git@host/a',
  'github.com/a/b',
  'https://github.com/a/b.git#main:x',
])('the remote include %s is refused', async (include) => {
  const seen = `error \`${include}\` is fetched from elsewhere → put the file into the repository`;
  expect(await findingsOf(`include:\n  - "${include}"\n  - path: ["${include}"]\n`)).toEqual([
    `2:5 ${seen}`,
    `3:12 ${seen}`,
  ]);
});

test.each(['configs', 'secrets'])('files of %s must be there, and in the repository', async (section) => {
  const compose = `${section}:\n  a: { file: ./nowhere }\n  b: { file: /run/b }\n  c: { file: ../../c }\n  d: { external: true }\n`;
  expect(await findingsOf(compose)).toEqual([
    `2:14 error \`./nowhere\` does not exist (\`stack/nowhere\` in the repository) → ${ADD_IT}`,
    `3:14 error ${another('/run/b')} → ${PUT_IT}`,
    `4:14 error \`../../c\` leaves the repository → ${NAME_ONE}`,
  ]);
});

test('a fault that several services share through an anchor is one finding at the anchor', async () => {
  const compose = 'x-env: &env\n  env_file: nowhere.env\nservices:\n  a: { <<: *env }\n  b: { <<: *env }\n';
  expect(await findingsOf(compose)).toEqual([
    `2:13 error \`nowhere.env\` does not exist (\`stack/nowhere.env\` in the repository) → ${ENCRYPT_IT}`,
  ]);
});
