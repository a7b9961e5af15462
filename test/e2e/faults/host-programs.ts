/** Lines of shell that kill, on a host, what works on transaction `N` of the environment folder `E`. */
export const kills = {
  'its leader': 'kill -KILL "$(cut -d" " -f2 "transactions/$N/status")"',
  'its process group': 'kill -KILL -"$(cut -d" " -f2 "transactions/$N/status")"',
  'all that belongs to it': untilNone(
    'grep -ls "GITOPS_TRANSACTION=$(cat /proc/sys/kernel/random/boot_id)/$E/$N" /proc/[0-9]*/environ',
  ),
} as const;

/** A program that works for a run, by a word that no other one has in it. */
const words = { begin: 'place_[o]bjects', recover: 'confirm_was_[o]rdered' } as const;
export type ProgramOfRun = keyof typeof words;

/** A condition: the program is at work on the environment. */
export function isAtWork(program: ProgramOfRun): string {
  return `[ -n "$(${find(program)})" ]`;
}

/** Kills the program and the shells around it, but not what it has started. */
export function killProgram(program: ProgramOfRun): string {
  return untilNone(find(program));
}

/** The brackets keep this search out of what it finds. */
function find(program: ProgramOfRun): string {
  return `grep -ls '${words[program]}' /proc/[0-9]*/cmdline | xargs -r grep -lsF "$E" 2>/dev/null`;
}

/**
 * They may fork while we look. Fails if there was nothing to kill. The list itself fails whenever a process goes away under it.
 */
function untilNone(list: string): string {
  const kill = 'for file in $found; do kill -KILL "$(echo "$file" | cut -d/ -f3)"; done';
  return `found=$(${list}); [ -n "$found" ] && { while [ -n "$found" ]; do ${kill}; found=$(${list}); done; true; }`;
}
