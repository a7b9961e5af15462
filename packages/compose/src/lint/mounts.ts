import type { DockerTarget, Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { found } from './found.ts';
import { type HostMount, holds, hostMounts } from './host-paths.ts';
import { imageName } from './image-name.ts';
import { serviceCalled } from './services.ts';

/** Paths of the host that give power over it: of each mount the one thing that weighs most. */
export function mountFindings(project: ComposeProject, target: DockerTarget): readonly Finding[] {
  const byService = Map.groupBy(hostMounts(project), ({ service }) => service);
  return [...byService.values()].flatMap((mounts) => {
    const socket = mostDirect(project, mounts);
    return mounts.flatMap((mount) =>
      mount === socket ? [socketFinding(project, mount)] : dangerousFinding(project, mount, target),
    );
  });
}

/** Of Docker, and of those who may do the same. */
const SOCKETS = [
  '/run/docker.sock',
  '/run/containerd/containerd.sock',
  '/run/podman/podman.sock',
  '/run/user/0/podman/podman.sock',
];

/** They take the socket in order to pass on less of it. */
const SOCKET_PROXIES: ReadonlySet<string> = new Set(['docker-socket-proxy', 'socket-proxy', 'dockerproxy']);

/** The mount that a service has the socket by: it is enough to say it once. Of `/` more is to be said than that. */
function mostDirect(project: ComposeProject, mounts: readonly HostMount[]): HostMount | undefined {
  const image = mounts[0] && serviceCalled(project, mounts[0].service)?.image;
  if (image !== undefined && SOCKET_PROXIES.has(imageName(image).name)) return undefined;
  const ways = mounts.filter(({ path }) => path !== '/' && socketIn(path) !== undefined);
  return ways.find(({ path }) => isSocket(path)) ?? ways.toSorted((a, b) => b.path.length - a.path.length)[0];
}

function socketFinding(project: ComposeProject, { service, index, path }: HostMount): Finding {
  const what = isSocket(path) ? `\`${path}\`` : `\`${path}\`, and with it the socket of Docker`;
  const message = `\`${service}\` mounts ${what}: whoever takes it over may start anything as root, also through a read-only mount`;
  const proxy = 'put a proxy between them that passes on only what is needed, such as docker-socket-proxy';
  const remedy = isSocket(path) ? proxy : `mount only what is needed of the folder; if that is the socket, ${proxy}`;
  return found('compose/docker-socket', project, ['services', service, 'volumes', index], message, remedy);
}

function socketIn(path: string): string | undefined {
  return SOCKETS.find((each) => holds(withoutVar(path), each));
}

function isSocket(path: string): boolean {
  return SOCKETS.includes(withoutVar(path));
}

/** `/var/run` is a link to `/run` on every distribution of today, so `/var` itself holds no socket. */
function withoutVar(path: string): string {
  return path.replace(/^\/var\/run(?=\/|$)/, '/run');
}

/** Whoever reads these has the secrets of the host. */
const SECRET = ['/', '/etc', '/etc/shadow', '/etc/ssh', '/home', '/root', '/var', '/var/lib', '/var/lib/docker'];
/** Whoever writes these has the host. */
const POWERFUL = [
  ...[
    '/bin',
    '/boot',
    '/dev',
    '/lib',
    '/lib64',
    '/opt',
    '/proc',
    '/sbin',
    '/sys',
    '/usr',
    '/usr/bin',
    '/usr/local/bin',
  ],
  ...['/etc/cron.d', '/etc/crontab', '/etc/docker', '/etc/group', '/etc/pam.d', '/etc/passwd', '/etc/profile.d'],
  ...['/etc/sudoers', '/etc/sudoers.d', '/etc/systemd', '/etc/systemd/system', '/var/spool/cron'],
];

function dangerousFinding(project: ComposeProject, mount: HostMount, { stateDir }: DockerTarget): readonly Finding[] {
  const { service, index, path, isReadOnly } = mount;
  const effect = effectOf(path, isReadOnly, stateDir);
  if (effect === undefined) return [];
  const remedy = isReadOnly ? READ_ONLY_REMEDY : WRITABLE_REMEDY;
  const message = `\`${service}\` mounts \`${path}\` of the host: ${effect}`;
  return [found('compose/dangerous-mount', project, ['services', service, 'volumes', index], message, remedy)];
}

const READ_ONLY_REMEDY =
  'mount only the folder that is needed; what has to read all of it, such as a monitor or a backup, is left alone by `# gitops-ignore compose/dangerous-mount -- why` on the line above';
const WRITABLE_REMEDY = 'mount only the folder that is needed, with `read_only: true` (`:ro`) if it is only read';

/** Connecting to a socket is no writing, so a read-only mount does not keep anybody from it. */
const WITH_SOCKET = 'and with it the socket of Docker, by which whoever takes it over may start anything as root';

function effectOf(path: string, isReadOnly: boolean, stateDir: string): string | undefined {
  const holdsState = holds(stateDir, path) || (holds(path, stateDir) && !SECRET.includes(path));
  if (holdsState) return 'releases and secrets of every stack of this host are there';
  if (SECRET.includes(path)) {
    const power = isReadOnly ? 'it can read secrets there' : 'it can read secrets and change the host';
    return path === '/' ? `${power}, ${WITH_SOCKET}` : power;
  }
  return POWERFUL.includes(path) && !isReadOnly ? 'whoever takes it over can change the host' : undefined;
}
