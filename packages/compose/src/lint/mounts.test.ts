import { describe, expect, it } from 'vitest';
import { mountFindings } from './mounts.ts';
import { lines, projectOf, target } from './testing/linted.ts';

async function findingsOf(volume: string, image = 'a:1', rest = ''): Promise<readonly string[]> {
  const text = `services:\n  web:\n    image: ${image}\n    volumes:\n      - ${volume}\n${rest}`;
  return lines(mountFindings(await projectOf(text), target));
}

const POWER = 'whoever takes it over may start anything as root, also through a read-only mount';
const PROXY = 'put a proxy between them that passes on only what is needed, such as docker-socket-proxy';

describe('the socket of Docker is found', () => {
  it.each(['/var/run/docker.sock:/var/run/docker.sock', '/run/docker.sock:/docker.sock:ro'])('%s', async (volume) => {
    const [source] = volume.split(':');
    expect(await findingsOf(volume)).toEqual([
      `5:9 compose/docker-socket \`web\` mounts \`${source}\`: ${POWER} → ${PROXY}`,
    ]);
  });

  it.each(['/run:/host/run', '/var/run/:/host/run:ro', '/var/lib/../run:/x', '/:/host:ro'])(
    'behind %s',
    async (volume) => {
      expect(await findingsOf(volume)).toEqual([expect.stringContaining('and with it the socket of Docker')]);
    },
  );

  it('behind a volume that is a folder of the host', async () => {
    const volume = 'volumes: { sock: { driver_opts: { type: none, o: bind, device: /var/run } } }\n';
    expect(await findingsOf('sock:/host', 'a:1', volume)).toEqual([
      expect.stringContaining('compose/docker-socket `web` mounts `/var/run`'),
    ]);
  });

  it('of Podman and containerd, too', async () => {
    expect(await findingsOf('/run/podman/podman.sock:/x')).toHaveLength(1);
    expect(await findingsOf('/run/containerd:/x')).toHaveLength(1);
  });

  it('once for a service, where it is most direct', async () => {
    const more = '      - /run:/y\n      - /var/run/docker.sock:/z\n      - /run/containerd/containerd.sock:/c\n';
    expect(await findingsOf('/:/x:ro', 'a:1', more)).toEqual([
      expect.stringMatching(/^5:9 compose\/dangerous-mount /),
      expect.stringMatching(/^7:9 compose\/docker-socket /),
    ]);
  });

  it('in a folder, with a remedy for the folder', async () => {
    expect(await findingsOf('/var/run:/var/run:ro')).toEqual([
      `5:9 compose/docker-socket \`web\` mounts \`/var/run\`, and with it the socket of Docker: ${POWER} → mount only what is needed of the folder; if that is the socket, ${PROXY}`,
    ]);
  });

  it('but not in a proxy that is there to pass on less of it', async () => {
    expect(await findingsOf('/var/run/docker.sock:/x:ro', 'tecnativa/docker-socket-proxy:0.3.0')).toEqual([]);
  });
});

describe('a folder that holds power over the host is reported:', () => {
  const NARROW = 'mount only the folder that is needed';
  const READ_ONLY = ', with `read_only: true` (`:ro`) if it is only read';
  const LEFT_ALONE =
    '; what has to read all of it, such as a monitor or a backup, is left alone by `# gitops-ignore compose/dangerous-mount -- why` on the line above';
  const SOCKET = 'and with it the socket of Docker, by which whoever takes it over may start anything as root';

  it.each([
    ['/:/host:ro', `\`/\` of the host: it can read secrets there, ${SOCKET}`, LEFT_ALONE],
    ['/:/host', `\`/\` of the host: it can read secrets and change the host, ${SOCKET}`, READ_ONLY],
    ['/etc:/host/etc', '`/etc` of the host: it can read secrets and change the host', READ_ONLY],
    ['/etc/sudoers.d:/x', '`/etc/sudoers.d` of the host: whoever takes it over can change the host', READ_ONLY],
    ['/boot/:/x', '`/boot` of the host: whoever takes it over can change the host', READ_ONLY],
    ['/var/lib/docker:/x:ro', '`/var/lib/docker` of the host: it can read secrets there', LEFT_ALONE],
    [
      '/var/lib/gitops/a:/x:ro',
      '`/var/lib/gitops/a` of the host: releases and secrets of every stack of this host are there',
      LEFT_ALONE,
    ],
  ])('%s', async (volume, what, more) => {
    expect(await findingsOf(volume)).toContain(`5:9 compose/dangerous-mount \`web\` mounts ${what} → ${NARROW}${more}`);
  });
});

describe('what is mounted every day is fine:', () => {
  it.each([
    './data:/data',
    'data:/data',
    '/data',
    '/mnt/media:/media',
    '/srv/shop:/srv',
    '/etc/localtime:/etc/localtime:ro',
    '/etc/letsencrypt:/etc/letsencrypt',
    '/proc:/host/proc:ro',
    '/sys:/host/sys:ro',
    '/dev/dri:/dev/dri',
    '/lib/modules:/lib/modules:ro',
    '/var/lib/docker/containers:/x:ro',
    '/var/log:/x:ro',
    '/var/runaway:/x',
  ])('%s', async (volume) => {
    expect(await findingsOf(volume, 'a:1', 'volumes: { data: }\n')).toEqual([]);
  });
});
