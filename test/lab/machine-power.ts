import type { ContainerMachine } from './container-machine.ts';

/** `pidof` would also find those of machines within this one. */
const engineId = 'cat /var/run/docker.pid';

const start = `
start_engine() {
  ! docker info >/dev/null 2>&1 || return 0
  setsid dockerd >>/var/log/dockerd.log 2>&1 </dev/null &
  until docker info >/dev/null 2>&1; do
    kill -0 $! 2>/dev/null || { tail -n 20 /var/log/dockerd.log >&2; exit 1; }
    sleep 0.05
  done
}`;

/** Shell that stops a machine's Docker Engine as a package upgrade does, which stops its containers, and waits for its end. */
export const stopEngine = end('TERM');

/** Shell that kills a machine's Docker Engine alone: its containers run on until the next Engine finds them. */
export const killEngine = end('KILL');

function end(signal: 'TERM' | 'KILL'): string {
  return `engine=$(${engineId}); kill -${signal} "$engine"; while kill -0 "$engine" 2>/dev/null; do sleep 0.02; done`;
}

/** Starts a machine's Docker Engine unless it runs, and returns when it answers. */
export async function startEngine(machine: ContainerMachine): Promise<void> {
  await machine.run(['sh', '-c', `${start}\nstart_engine`]);
}

/**
 * Shell that does to a machine what the loss of power does: every process is gone, in the machine and in its containers, and
 * so is what a boot begins without: mounts, and all that is in /run. It is another boot then, by the kernel's boot id.
 * What a real one would also lose is there still: what was never synced, and the clock since the boot goes on, as the machine
 * shares its kernel with this one. `kill -1` spares process 1, which is the end of its standard input, and whoever calls it.
 */
export const losePower = `
kill -KILL -1
awk '$5 ~ "^/(var/lib|run|var/run)/docker/" { print $5 }' /proc/self/mountinfo | sort -r | xargs -r -n 1 umount -l
rm -rf /run/docker* /run/containerd /tmp/*
umount /proc/sys/kernel/random/boot_id 2>/dev/null
cat /proc/sys/kernel/random/uuid >/run/boot_id
mount --bind /run/boot_id /proc/sys/kernel/random/boot_id`;

const startServer = '{ pgrep -x sshd >/dev/null || /usr/sbin/sshd -E /var/log/sshd.log; }';

/** Boots a machine that has lost its power, if it has; returns when its SSH server and its Docker Engine answer. */
export async function bootMachine(machine: ContainerMachine): Promise<void> {
  await machine.run(['sh', '-c', `${start}\n${startServer} && start_engine`]);
}
