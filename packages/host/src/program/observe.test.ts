import { describe, expect, it } from 'vitest';
import { splitParts } from '../parts.ts';
import { SHELLS, TrialHost } from '../testing/trial-host.ts';

/** A Docker with three volumes, by the project that made each, and a container of a stack that is not ours. */
const DOCKER = `
case "$*" in
  "volume ls"*) printf 'pgdata|shop\\nother|blog\\nstore_logs|store\\n' ;;
  "volume inspect"*) shift 2; printf '%s ' "$@" ;;
  "ps "*) printf 'c1|blog|blog-web-1|0.0.0.0:80->80/tcp\\n' ;;
esac
`;

describe.each(SHELLS)('what runs, read on a host with %s,', (shell) => {
  const read = async (host: TrialHost) => {
    host.install('docker', DOCKER);
    const { stdout } = await host.run('observe', [host.env, 'store']);
    const parts = splitParts(stdout);
    return { volumes: parts.get('volumes')?.trim(), unmanaged: parts.get('unmanaged')?.trim() };
  };

  it('is what belongs to the stacks that are named', async () => {
    await using host = new TrialHost(shell);
    expect(await read(host)).toEqual({ volumes: 'store_logs', unmanaged: 'c1|blog|blog-web-1|0.0.0.0:80->80/tcp' });
  });

  it('is also what belongs to the stacks of the current release', async () => {
    await using host = new TrialHost(shell);
    host.write('current', '1-aaaaaaa\n');
    host.write('releases/1-aaaaaaa/projects', 'shop\nblog\n');
    expect(await read(host)).toEqual({ volumes: 'pgdata other store_logs', unmanaged: '' });
  });

  it('are also volumes of the current release that a stack of another name has made', async () => {
    await using host = new TrialHost(shell);
    host.write('current', '2-bbbbbbb\n');
    host.write('releases/2-bbbbbbb/projects', 'store\n');
    host.write('releases/2-bbbbbbb/volumes', 'pgdata\n');
    expect((await read(host)).volumes).toBe('pgdata store_logs');
  });

  it('is nothing where no stack is named and none was deployed, not even what belongs to no stack', async () => {
    await using host = new TrialHost(shell);
    host.install('docker', `case "$*" in "ps "*) printf 'c2||by-hand|\\n' ;; *inspect*) echo "$@" ;; esac`);
    const parts = splitParts((await host.run('observe', [host.env])).stdout);
    expect([parts.get('containers')?.trim(), parts.get('unmanaged')?.trim()]).toEqual(['', 'c2||by-hand|']);
  });

  it('comes with what Docker refused to say', async () => {
    await using host = new TrialHost(shell);
    host.install(
      'docker',
      `case "$*" in "ps "*) echo 'permission denied' >&2; exit 1 ;; *) echo "Error: $1" >&2 ;; esac`,
    );
    const parts = splitParts((await host.run('observe', [host.env, 'store'])).stdout);
    expect(parts.get('docker')?.trim()).toBe('1\npermission denied');
    expect(parts.get('error')?.trim().split('\n').sort()).toEqual(['Error: network', 'Error: volume']);
  });
});
