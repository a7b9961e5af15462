import { Execution } from './execution.ts';
import type { Link } from './link.ts';

// Never `kill -TERM -- -PGID`: dash and busybox take the `--` for a process. A zombie keeps `kill -0` true, which only
// costs the time. Not every sleep takes fractions. What was killed may need a moment to be gone.
const END_GROUP = `await_end() {
  tries=0
  while [ "$tries" -lt "$2" ] && kill -0 "-$1" 2>/dev/null; do
    sleep 0.1 2>/dev/null || sleep 1
    tries=$((tries + 1))
  done
}
kill -TERM "-$1" 2>/dev/null || exit 0
await_end "$1" 20
kill -KILL "-$1" 2>/dev/null || exit 0
await_end "$1" 10
exit 0`;

/**
 * Ends a process group on the host: TERM, two seconds of grace, KILL, and up to one second until that has happened.
 *
 * @throws GitopsError if the host cannot be asked to
 */
export async function endGroup(link: Link, leader: number): Promise<void> {
  // `kill -TERM -1` would end every process of the user.
  if (leader <= 1) throw new RangeError(`${leader} leads no group of ours`);
  const script = {
    what: `end the process group ${leader}`,
    script: END_GROUP,
    args: [String(leader)],
    timeoutMs: 10_000,
  };
  await new Execution(link, script, { collect: false, endInput: true }).done;
}
