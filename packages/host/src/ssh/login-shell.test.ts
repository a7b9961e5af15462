import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from './connect.ts';
import type { Connection } from './connection.ts';
import { type LocalSshd, startSshd } from './testing/local-sshd.ts';
import { errorOf, isRunning, script, talkative } from './testing/trial-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'login-shell-'));
for (const shell of ['busybox', 'bash']) {
  mkdirSync(join(folder, shell));
  symlinkSync(`/bin/${shell}`, join(folder, shell, 'sh'));
}

/** The login shell of the moment, as a command that runs what the user asked for. */
const current = join(folder, 'login-shell');
let sshd: LocalSshd;
let connection: Connection;
beforeAll(async () => {
  sshd = await startSshd({ config: [`ForceCommand . ${current}`] });
  connection = await connect(sshd.options());
});
afterAll(async () => {
  connection.close();
  await sshd[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Makes this the login shell, with these files in its home. A user cannot be made for each of them. */
function useShell(shell: string, files: Readonly<Record<string, string>>): void {
  const home = mkdtempSync(join(folder, 'home-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, name)), { recursive: true });
    writeFileSync(join(home, name), text);
  }
  // bash reads ~/.bashrc in a session of sshd only if it is no shell within another one.
  writeFileSync(current, `exec env -u SHLVL HOME=${home} ${shell} -c "$SSH_ORIGINAL_COMMAND"`);
}

/** A script runs as it was written: words, input, both outputs, exit code. */
async function expectToRun(link: Connection): Promise<void> {
  const text = 'cat; printf "%s\\n" "$@"; printf "%s|" \'a\\b\' "it\'s\\\\" *nothing*; false; echo err >&2; exit 9';
  const args = ["it's", 'a\\', '\\\\b', 'c\nd', '$HOME `id` "x"', "\\'", '!1 {a,b} ~ *', ''];
  const result = await link.run(script(text, { args, stdin: 'in\n' }));
  expect(result.stdout.toString()).toBe(`in\n${args.join('\n')}\na\\b|it's\\|*nothing*|`);
  expect([result.code, result.stderr]).toEqual([9, 'err\n']);
}

async function expectToEnd(link: Connection): Promise<void> {
  const aborter = new AbortController();
  const { script: endless, said } = talkative('sleep 600 & echo $!; wait', { signal: aborter.signal });
  const running = errorOf(link.run(endless));
  const pid = await said;
  aborter.abort();
  expect((await running).code).toBe('ssh-aborted');
  expect(isRunning(pid)).toBe(false);
}

const NOISE = 'echo "Welcome!"\necho "last login: never" >&2\nprintf "no line break"\nstty erase ^H\n';

/** What people have in the files of their shells, beside noise. */
const HABITS: readonly (readonly [string, string])[] = [
  ['stops at the first error', 'set -e'],
  ['stops at an unset variable', 'set -u'],
  ['passes its options on', 'set -e -u -C -f; export SHELLOPTS'],
  ['splits words elsewhere', "IFS=:; export IFS\nIFS='/'"],
  ['expands no patterns and overwrites nothing', 'set -f; set -C'],
  ['has aliases for the words that are used', 'alias exec=false sh=false printf=false kill=false'],
  ['has a file for shells to read', 'export ENV="$HOME/.noise" BASH_ENV="$HOME/.noise"'],
  ['looks for folders elsewhere', 'CDPATH=/:/usr; export CDPATH'],
  ['speaks another language', 'LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8; export LC_ALL LANG'],
];

const SHELLS: readonly (readonly [string, string])[] = [
  ['bash', '.bashrc'],
  ['bash -l', '.profile'],
  ['dash -l', '.profile'],
  ['busybox ash -l', '.profile'],
  ['zsh', '.zshenv'],
  ['zsh -l', '.zprofile'],
];

describe.each([...SHELLS, ['fish', '.config/fish/config.fish']] as const)('%s as the login shell', (shell, file) => {
  it('runs a script and ends it, noisy as it may be', async () => {
    useShell(shell, { [file]: NOISE });
    await expectToRun(connection);
    await expectToEnd(connection);
  });
});

describe.each(SHELLS)('%s as the login shell', (shell, file) => {
  it.each(HABITS)('works if it %s', async (_, habit) => {
    useShell(shell, { [file]: `${NOISE}${habit}\n`, '.noise': 'echo noise\n' });
    await expectToRun(connection);
  });
});

describe('a login shell that traces what it does', () => {
  it.each(SHELLS)('does so apart from what the script writes: %s', async (shell, file) => {
    useShell(shell, { [file]: 'set -x; export SHELLOPTS\n' });
    const { code, stdout } = await connection.run(script('printf "%s" "$1"; exit 5', { args: ['x'] }));
    expect([code, stdout.toString()]).toEqual([5, 'x']);
  });
});

describe('a login shell that turns into another one, which reads its input', () => {
  it.each(['zsh', 'dash', 'fish', 'cat'])('did not begin: %s', async (other) => {
    useShell('bash', { '.bashrc': `exec ${other}\n` });
    const error = await errorOf(connection.run(script('true')));
    expect([error.code, error.seen]).toEqual(['ssh-not-started', expect.stringContaining('its shell left with 0')]);
  });
});

describe('a host', () => {
  it('may have a banner and a forced message of the day', async () => {
    const banner = join(folder, 'banner');
    writeFileSync(banner, 'Authorized use only.\n\n');
    const force = 'ForceCommand cat /etc/os-release; cat /etc/os-release >&2; sh -c "$SSH_ORIGINAL_COMMAND"';
    await using host = await startSshd({ config: [`Banner ${banner}`, 'PrintMotd yes', force] });
    await using link = await connect(host.options());
    await expectToRun(link);
  });

  it.each([
    ['has a parent that stays, so that the script leads no group by itself', 'sh -c "$SSH_ORIGINAL_COMMAND"; exit $?'],
    ['finds busybox as sh', `PATH=${folder}/busybox:$PATH; sh -c "$SSH_ORIGINAL_COMMAND"; exit $?`],
    [
      'finds bash as sh, which takes over the options of .bashrc',
      `PATH=${folder}/bash:$PATH; set -e -u -C -f; export SHELLOPTS; exec bash -c "$SSH_ORIGINAL_COMMAND"`,
    ],
  ])('may be one that %s', async (_, forced) => {
    writeFileSync(current, forced);
    await expectToRun(connection);
    await expectToEnd(connection);
  });

  it('whose login shell does not run commands is quoted in the error', async () => {
    writeFileSync(current, 'echo This account is not available; exit 1');
    const error = await errorOf(connection.run(script('true')));
    expect(error.code).toBe('ssh-not-started');
    expect(error.seen).toBe('its shell left with 1; its last words: This account is not available');
  });
});
