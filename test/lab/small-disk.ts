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
  const fill = `cat /dev/zero >>'${ballast}' 2>/dev/null`;
  const empty = async (): Promise<void> => {
    await sh(
      `[ ! -e '${ballast}.filler' ] || kill "$(cat '${ballast}.filler')"; rm -f '${ballast}' '${ballast}.filler'`,
    );
  };
  return {
    fill: `${fill} || true`,
    // Its number is written while there is room for it.
    keepFull: `setsid sh -c 'echo $$ >"$0.filler"; while :; do cat /dev/zero >>"$0"; sleep 0.01; done' '${ballast}' >/dev/null 2>&1 </dev/null &
until ! echo >'${ballast}.room' 2>/dev/null; do sleep 0.01; done; rm -f '${ballast}.room'`,
    empty,
    async [Symbol.asyncDispose]() {
      await empty();
      await sh(`umount -l '${path}'`);
    },
  };
}
