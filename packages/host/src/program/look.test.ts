import { describe, expect, it } from 'vitest';
import { splitParts } from '../parts.ts';
import { SHELLS, type ShellName, TrialHost } from '../testing/trial-host.ts';

const LISTED = "printf 'c1 shop\\nc2 blog\\nc3 shop\\nc4 shop-old\\n'";

describe.each(SHELLS)('a look at containers on a host with %s', (shell) => {
  const look = async (docker: string, ...projects: string[]) => {
    await using host = hostWith(shell, docker);
    const parts = splitParts((await host.run('look', projects)).stdout);
    return Object.fromEntries(['docker', 'containers', 'error'].map((name) => [name, parts.get(name)?.trim()]));
  };

  it('shows those of the stacks that are named', async () => {
    const docker = `case "$1" in ps) ${LISTED} ;; *) echo "$@" ;; esac`;
    expect(await look(docker, 'shop', 'wiki')).toEqual({
      docker: '0',
      containers: 'container inspect c1 c3',
      error: '',
    });
  });

  it('asks for none where there are none', async () => {
    const docker = `case "$1" in ps) ${LISTED} ;; *) echo "$@" ;; esac`;
    expect(await look(docker, 'wiki')).toEqual({ docker: '0', containers: '', error: '' });
  });

  it('tells what is gone between the list and the look apart from what is there', async () => {
    const docker = `case "$1" in ps) ${LISTED} ;; *) echo '[{}]'; echo 'Error: No such container: c3' >&2; exit 1 ;; esac`;
    expect(await look(docker, 'shop')).toEqual({
      docker: '0',
      containers: '[{}]',
      error: 'Error: No such container: c3',
    });
  });

  it('comes with what Docker refused to say', async () => {
    const said = await look("echo 'permission denied' >&2; exit 1", 'shop');
    expect(said).toEqual({ docker: '1\npermission denied', containers: undefined, error: undefined });
  });
});

function hostWith(shell: ShellName, docker: string): TrialHost {
  const host = new TrialHost(shell);
  host.install('docker', docker);
  return host;
}
