import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { splitParts } from '../parts.ts';
import { PROGRAMS } from '../programs.generated.ts';
import { SHELLS, type ShellName, TrialHost } from '../testing/trial-host.ts';

const DOCKER = `
case "$1 $2" in
  'context inspect') echo unix:///run/user/1000/docker.sock ;;
  'version --format') [ ! -e STATE/down ] || { echo 'Cannot connect to the Docker daemon' >&2; exit 1; }; echo 28.0.0 ;;
  'info --format') case $3 in *RootDir*) echo /nowhere/docker ;; *) printf '10.0.0.5:5000\\n127.0.0.0/8\\n' ;; esac ;;
  'ps --no-trunc') echo 'abc|shop|shop-web-1|0.0.0.0:80->8080/tcp' ;;
  'network ls') echo 'def proxy' ;;
  'volume ls') echo data ;;
  'image inspect') [ "$6" = nginx:1 ] ;;
esac
`;

function hostWith(shell: ShellName): TrialHost {
  const host = new TrialHost(shell);
  host.install('docker', DOCKER.replaceAll('STATE', host.path('..')));
  return host;
}

/** What it answers, without the numbers of disks. */
async function ask(host: TrialHost, questions: readonly string[], stateDir = host.path('state')) {
  const { code, stdout } = await host.run('preflight', [stateDir], questions.map((line) => `${line}\n`).join(''));
  expect(code).toBe(0);
  return new Map([...splitParts(stdout)].map(([name, text]) => [name, text.trim()]));
}

describe.each(SHELLS)('a host with %s that is asked before a deployment', (shell) => {
  it('says what its Docker has', async () => {
    await using host = hostWith(shell);
    const parts = await ask(host, ['image nginx:1', 'image nginx:2']);
    expect(Object.fromEntries(parts)).toMatchObject({
      endpoint: 'unix:///run/user/1000/docker.sock',
      docker: '0',
      state: 'creatable',
      space: expect.stringMatching(/^\d+ - \/nowhere\/docker$/),
      containers: 'abc|shop|shop-web-1|0.0.0.0:80->8080/tcp',
      networks: 'def proxy',
      volumes: 'data',
      here: 'nginx:1',
      insecure: '10.0.0.5:5000\n127.0.0.0/8',
    });
  });

  it('says what stands at a path, whatever it is called', async () => {
    await using host = hostWith(shell);
    host.write('a b', '');
    const questions = ['a b', '', 'gone', 'a b/below'].map((name) => `path ${host.path(name)}`);
    const { paths } = Object.fromEntries(await ask(host, [...questions, 'path /dev/null']));
    expect(paths?.split('\n')).toEqual([
      `file ${host.path('a b')}`,
      `folder ${host.path('')}`,
      `missing ${host.path('gone')}`,
      `missing ${host.path('a b/below')}`,
      'other /dev/null',
    ]);
  });

  it('says who listens at a port that it is asked for, and at no other', async () => {
    await using host = hostWith(shell);
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { listeners, holders } = Object.fromEntries(await ask(host, [`port tcp ${port}`, `port udp ${port}`]));
    const none = Object.fromEntries(await ask(host, ['port tcp 1']));
    server.close();
    const [, inode] = new RegExp(`^tcp 0100007F ${port} (\\d+)$`).exec(listeners ?? '') ?? [];
    expect(inode).toBeDefined();
    expect(holders?.startsWith(`${inode} `)).toBe(true);
    expect([none['listeners'], none['holders']]).toEqual(['', '']);
  });

  it('says the rest where Docker does not answer', async () => {
    await using host = hostWith(shell);
    host.write('../down', '');
    host.write('state/x', '');
    const parts = await ask(host, ['path /dev/null', 'image nginx:1']);
    expect(parts.get('docker')?.split('\n')).toEqual(['1', 'Cannot connect to the Docker daemon']);
    expect([parts.get('paths'), parts.get('state'), parts.get('here')]).toEqual(['other /dev/null', 'writable', '']);
  });

  it('leaves nothing behind', async () => {
    await using host = hostWith(shell);
    host.write('tmp/x', '');
    const { stdout } = await host.sh(
      `TMPDIR=${host.path('tmp')}; export TMPDIR; ls -A "$TMPDIR"; sh -c "$1" gitops /nowhere </dev/null >/dev/null; ls -A "$TMPDIR"`,
      [PROGRAMS.preflight],
    );
    expect(stdout).toBe('x\nx\n');
  });
});
