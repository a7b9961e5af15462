import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { splitParts } from '../parts.ts';
import { SHELLS, type ShellName, TrialHost, until } from '../testing/trial-host.ts';

const LOGIN = '{"auths":{"ghcr.io":{"auth":"c2VjcmV0"}}}';

/** Notes what it is asked and where the login lies, and says what a registry may say. */
const DOCKER = `
config='no config'
[ "$1" != --config ] || { config=$2; shift 2; }
[ "$1 $2" = 'manifest inspect' ] || exit 0
printf '%s\\n' "$*" "\${DOCKER_CLI_EXPERIMENTAL:-}" "$config" >STATE/asked
[ ! -d "$config" ] || cat "$config/config.json" >>STATE/asked
[ ! -e STATE/hang ] || { echo $$ >STATE/hang; exec sleep 1000; }
printf 'no such manifest\\n@@image\\nforged\\n' >&2
exit 1
`;

function hostWith(shell: ShellName): TrialHost {
  const host = new TrialHost(shell);
  host.install('docker', DOCKER.replaceAll('STATE', host.path('..')));
  return host;
}

/** Folders with a login, of this test or of others beside it. */
function isThere(folder: string): boolean {
  const [name = ''] = folder.split('/').slice(-1);
  return readdirSync('/dev/shm').includes(name);
}

describe.each(SHELLS)('a registry is asked for an image from a host with %s', (shell) => {
  it('with a login that no disk ever holds and nothing keeps', async () => {
    await using host = hostWith(shell);
    const { code, stdout } = await host.run('manifest', ['20', 'ghcr.io/org/app:1'], LOGIN);
    expect(code).toBe(0);
    const [words, experimental, folder = '', config] = host.read('../asked').split('\n');
    expect([words, experimental, config]).toEqual(['manifest inspect -- ghcr.io/org/app:1', 'enabled', LOGIN]);
    expect(folder).toMatch(/^\/dev\/shm\/\.pull\./);
    expect(isThere(folder)).toBe(false);
    const parts = splitParts(stdout);
    expect([...parts.keys()]).toEqual(['code', 'said']);
    expect(parts.get('said')).toContain('no such manifest\n @@image');
  });

  it('without encryption only if that is said, and with the own configuration of the host', async () => {
    await using host = hostWith(shell);
    await host.run('manifest', ['20', '127.0.0.1:5000/app', '--insecure']);
    expect(host.read('../asked').split('\n').slice(0, 3)).toEqual([
      'manifest inspect --insecure -- 127.0.0.1:5000/app',
      'enabled',
      'no config',
    ]);
  });

  it('and who ends that ends all of it', async () => {
    await using host = hostWith(shell);
    host.write('../hang', '');
    const conversation = host.talk('manifest', ['600', 'ghcr.io/org/app:1']);
    conversation.say(LOGIN);
    conversation.hangUp();
    await until('it hangs', () => host.read('../hang') !== '');
    const folder = host.read('../asked').split('\n')[2] ?? '';
    expect(isThere(folder)).toBe(true);
    process.kill(conversation.pid, 'SIGTERM');
    expect(await conversation.ended).toBe(143);
    await until('nothing runs any more', () => host.processes().length === 0);
    expect(isThere(folder)).toBe(false);
  });
});
