import type { DockerTarget, Finding } from '@gitops/core';
import type { ComposeProject } from '../check/index.ts';
import { found } from './found.ts';
import { type HostMount, holds, hostMounts } from './host-paths.ts';
import { imageName } from './image-name.ts';
import { serviceCalled } from './services.ts';

/** Paths of the host that give power over it. */
export function mountFindings(project: ComposeProject, target: DockerTarget): readonly Finding[] {
  return hostMounts(project).flatMap((mount) => [
    ...socketFinding(project, mount),
    ...dangerousFinding(project, mount, target),
  ]);
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

function socketFinding(project: ComposeProject, { service, index, path }: HostMount): readonly Finding[] {
  const socket = SOCKETS.find((each) => holds(withoutVar(path), each));
  const image = serviceCalled(project, service)?.image;
  if (socket === undefined || (image !== undefined && SOCKET_PROXIES.has(imageName(image).name))) return [];
  const what = withoutVar(path) === socket ? `\`${path}\`` : `\`${path}\`, and with it the socket of Docker`;
  const message = `\`${service}\` mounts ${what}: whoever takes it over may start anything as root, also through a read-only mount`;
  const remedy = 'put a proxy between them that passes on only what is needed, such as docker-socket-proxy';
  return [found('compose/docker-socket', project, ['services', service, 'volumes', index], message, remedy)];
}

/** `/var/run` is a link to `/run` on every distribution of today. */
function withoutVar(path: string): string {
  return path === '/var' ? '/' : path.replace(/^\/var\/run(?=\/|$)/, '/run');
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
  const remedy = isReadOnly
    ? 'mount only the folder that is needed'
    : 'mount only the folder that is needed, with `read_only: true` (`:ro`) if it is only read';
  const message = `\`${service}\` mounts \`${path}\` of the host: ${effect}`;
  return [found('compose/dangerous-mount', project, ['services', service, 'volumes', index], message, remedy)];
}

function effectOf(path: string, isReadOnly: boolean, stateDir: string): string | undefined {
  const holdsState = holds(stateDir, path) || (holds(path, stateDir) && !SECRET.includes(path));
  if (holdsState) return 'releases and secrets of every stack of this host are there';
  if (SECRET.includes(path))
    return isReadOnly ? 'it can read secrets there' : 'it can read secrets and change the host';
  return POWERFUL.includes(path) && !isReadOnly ? 'whoever takes it over can change the host' : undefined;
}
