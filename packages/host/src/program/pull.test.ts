import { chmodSync, readdirSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitParts } from '../parts.ts';
import { SHELLS, type ShellName, TrialHost, until } from '../testing/trial-host.ts';

const LOGIN = '{"auths":{"ghcr.io":{"auth":"c2VjcmV0"}}}';

/** Notes what a pull is given, and says what the test lets it say. */
const DOCKER = `
config='no config'
[ "$1" != --config ] || { config=$2; shift 2; }
case "$1 $2" in
  'context inspect') echo unix:///run/rootless.sock ;;
  'pull -q')
    printf '%s\\n' "$*" "\${DOCKER_HOST:-no host}" "$config" >STATE/pull
    [ ! -d "$config" ] || cat "$config/config.json" >>STATE/pull
    [ ! -e STATE/hang ] || { echo $$ >STATE/hang; exec sleep 1000; }
    echo 'Error response from daemon: manifest unknown' >&2
    exit 1 ;;
  'image inspect') echo '"sha256:1" [] '"$5" ;;
esac
`;

function hostWith(shell: ShellName): TrialHost {
  const host = new TrialHost(shell);
  host.install('docker', DOCKER.replaceAll('STATE', host.path('..')));
  host.write('staging/7/tree/x', '');
  return host;
}

const staging = (host: TrialHost) => host.path('staging', '7');

describe.each(SHELLS)('a pull on a host with %s', (shell) => {
  it('uses the login that it is given for this pull, and forgets it', async () => {
    await using host = hostWith(shell);
    const { stdout, code } = await host.run('pull', [staging(host), '60', 'ghcr.io/org/app:1'], LOGIN);
    expect(code).toBe(0);
    const [words, endpoint, folder = '', config] = host.read('../pull').split('\n');
    expect([words, endpoint, config]).toEqual(['pull -q ghcr.io/org/app:1', 'unix:///run/rootless.sock', LOGIN]);
    expect(folder.startsWith(`${staging(host)}/.pull.`)).toBe(true);
    expect(readdirSync(staging(host))).toEqual(['tree']);
    const parts = splitParts(stdout);
    expect(parts.get('code')?.trim()).toBe('1');
    expect(parts.get('said')?.trim()).toBe('Error response from daemon: manifest unknown');
    expect(parts.get('image')?.trim()).toBe('"sha256:1" [] ghcr.io/org/app:1');
  });

  it("leaves the host's own configuration in place without one", async () => {
    await using host = hostWith(shell);
    await host.run('pull', [staging(host), '60', 'nginx:1']);
    expect(host.read('../pull').split('\n')).toEqual(['pull -q nginx:1', 'no host', 'no config', '']);
  });

  it('that is ended takes its processes and the login with it', async () => {
    await using host = hostWith(shell);
    host.write('../hang', '');
    const conversation = host.talk('pull', [staging(host), '600', 'ghcr.io/org/app:1']);
    conversation.say(LOGIN);
    conversation.hangUp();
    await until('the pull hangs', () => host.read('../hang') !== '');
    const [folder = ''] = readdirSync(staging(host)).filter((name) => name.startsWith('.pull.'));
    expect(statSync(host.path('staging/7', folder)).mode & 0o777).toBe(0o700);
    process.kill(conversation.pid, 'SIGTERM');
    expect(await conversation.ended).toBe(143);
    await until('nothing runs any more', () => host.processes().length === 0);
    expect(readdirSync(staging(host))).toEqual(['tree']);
  });

  it('is not begun where the login can not be kept', async () => {
    await using host = hostWith(shell);
    if (process.getuid?.() === 0) {
      expect((await host.run('pull', ['/proc', '60', 'nginx:1'], LOGIN)).code).toBe(1);
    } else {
      chmodSync(staging(host), 0o500);
      expect((await host.run('pull', [staging(host), '60', 'nginx:1'], LOGIN)).code).toBe(1);
    }
    expect(host.read('../pull')).toBe('');
  });
});
