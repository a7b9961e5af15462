import { type Declared, GitopsError } from '@gitops/core';

const KIB_PER_MIB = 1024;
const STATE_SPARE_KIB = 64 * KIB_PER_MIB;
const PLAN_SPARE_KIB = 16 * KIB_PER_MIB;
const DOCKER_FLOOR_KIB = 512 * KIB_PER_MIB;
const LOW_KIB = 2048 * KIB_PER_MIB;

/** What is free on a host's disks, in KiB; `undefined` for what could not be read or was not asked. */
export interface Space {
  readonly stateKib?: number;
  readonly dockerKib?: number;
  /** The folder of Docker's data; empty if Docker did not tell. */
  readonly dockerRoot: string;
  /** Docker's disk was asked for. */
  readonly isAsked: boolean;
}

/** Reads the part `space` of the program `stage`: `STATE_KIB DOCKER_KIB DOCKER_ROOT`. */
export function readSpace(parts: ReadonlyMap<string, string>): Space {
  const said = parts.get('space')?.trim();
  const [state = '', docker = '', ...root] = (said ?? '').split(' ');
  const stateKib = kib(state);
  const dockerKib = kib(docker);
  return {
    ...(stateKib !== undefined && { stateKib }),
    ...(dockerKib !== undefined && { dockerKib }),
    dockerRoot: root.join(' '),
    isAsked: said !== undefined,
  };
}

function kib(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** What should be looked at before it stops a deployment. Never a failure. */
export function spaceWarnings(label: string, { stateKib, dockerKib, dockerRoot, isAsked }: Space): readonly string[] {
  const low = (where: string, free: number | undefined) =>
    free !== undefined && free < LOW_KIB ? [`only ${size(free)} are free for ${where} on ${label}; ${MAKE_ROOM}`] : [];
  const unread =
    isAsked && dockerKib === undefined ? [`how much is free for Docker's data on ${label} could not be read`] : [];
  return [...low('the state folder', stateKib), ...low(`Docker's data (${dockerRoot})`, dockerKib), ...unread];
}

const MAKE_ROOM = '`docker system df` says what takes it, `docker image prune` removes images that nothing uses';

/** Throws `GitopsError` `disk-full` if an image must be pulled and there is hardly any room for one. */
export function refuseFullDocker(label: string, { dockerKib, dockerRoot }: Space): void {
  if (dockerKib === undefined || dockerKib >= DOCKER_FLOOR_KIB) return;
  throw new GitopsError('disk-full', {
    attempted: `pull images on ${label}`,
    seen: `only ${size(dockerKib)} are free in ${dockerRoot}, and ${size(DOCKER_FLOOR_KIB)} are the least for a pull`,
    remedy: `make room: ${MAKE_ROOM}; nothing was changed`,
  });
}

/** How much goes over, in whole KiB. */
export function uploadKib({ upload }: Declared): number {
  return Math.ceil(upload.reduce((sum, { content }) => sum + content.length, 0) / 1024);
}

/** The host refused an upload that would have filled the disk of its state folder, or for a plan that of its temporary files (`''`). */
export function diskFull(label: string, folder: string, freeKib: string, uploadKib: number): GitopsError {
  const [where, spare] = folder === '' ? ['the folder for temporary files', PLAN_SPARE_KIB] : [folder, STATE_SPARE_KIB];
  return new GitopsError('disk-full', {
    attempted: `upload the commit's files to ${label}`,
    seen: `only ${size(Number(freeKib))} are free in ${where}, and ${size(uploadKib + spare)} are needed`,
    remedy: `make room: see \`df -h\` and \`docker system df\` there; \`docker image prune\` removes images that nothing uses; nothing was changed`,
  });
}

function size(kibibytes: number): string {
  const mib = kibibytes / KIB_PER_MIB;
  return mib < 1024 ? `${Math.floor(mib)} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}
