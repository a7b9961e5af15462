import type { Machine } from './machine.ts';

/** A disk of its own for a folder of a machine, small enough to be filled. */
export interface SmallDisk extends AsyncDisposable {
  /** Shell that takes all that is free, at one instant: whatever is given back afterwards stays free. */
  readonly fill: string;
  /** Shell that takes all that is free, and from then on whatever becomes free. */
  readonly keepFull: string;
  /** Gives back what was taken. */
  readonly empty: () => Promise<void>;
}

/** Mounts a disk of `sizeMiB` on `path`, which may not exist yet; whoever is on the machine as root may do so. */
export async function mountSmallDisk(machine: Machine, path: string, sizeMiB: number): Promise<SmallDisk> {
  const filler = `${path}.filler`;
  const sh = (script: string) => machine.run(['sh', '-c', script]);
  await sh(`mkdir -p '${path}' && mount -t tmpfs -o size=${sizeMiB}m,mode=0700 none '${path}'`);
  const shrink = `mount -o remount,size="$(df -kP '${path}' | awk 'NR == 2 { print $3 }')k" '${path}' 2>/dev/null`;
  // Refused when something was written between the two looks.
  const fill = `until ${shrink}; do :; done`;
  const empty = async (): Promise<void> => {
    await sh(`[ ! -e '${filler}' ] || kill -KILL "$(cat '${filler}')"; rm -f '${filler}'`);
    await sh(`mount -o remount,size=${sizeMiB}m '${path}'`);
  };
  return {
    fill,
    keepFull: `${fill}\nsetsid sh -c "$(cat <<'END'\nwhile :; do\n${fill}\nsleep 0.01\ndone\nEND\n)" </dev/null >/dev/null 2>&1 & echo $! >'${filler}'`,
    empty,
    async [Symbol.asyncDispose]() {
      await empty();
      await sh(`umount -l '${path}'`);
    },
  };
}
