import type { Machine } from './machine.ts';

/** A disk of its own for a folder of a machine, small enough to be filled. */
export interface SmallDisk extends AsyncDisposable {
  /** Shell that takes all that is free, to the last byte. */
  readonly fill: string;
  /** Shell that takes all that is free, and from then on whatever becomes free. */
  readonly keepFull: string;
  /** Gives back what was taken. */
  readonly empty: () => Promise<void>;
}

/** Mounts a disk of `sizeMiB` on `path`, which may not exist yet; whoever is on the machine as root may do so. */
export async function mountSmallDisk(machine: Machine, path: string, sizeMiB: number): Promise<SmallDisk> {
  const ballast = `${path}/ballast`;
  const sh = (script: string) => machine.run(['sh', '-c', script]);
  const options = `size=${sizeMiB}m,mode=0700`;
  await sh(`mkdir -p '${path}' && mount -t tmpfs -o ${options} none '${path}'`);
  const fill = `cat /dev/zero >>"${ballast}" 2>/dev/null`;
  const filler = `${ballast}.filler`;
  const empty = async (): Promise<void> => {
    await sh(`[ ! -e '${filler}' ] || kill -KILL "$(cat '${filler}')"; rm -f '${ballast}' '${filler}'`);
  };
  return {
    fill: `${fill} || true`,
    // Its number is written while there is room for it; the disk is full once the first round is over.
    keepFull: `setsid sh -c 'while ${fill}; sleep 0.01; do :; done' </dev/null >/dev/null 2>&1 & echo $! >'${filler}'; ${fill} || true`,
    empty,
    async [Symbol.asyncDispose]() {
      await empty();
      await sh(`umount -l '${path}'`);
    },
  };
}
