import { NotBegunError } from '@gitops/core';

/** Another target may have begun by now: what is said is about this host alone. */
export function notBegun(label: string, code: number, stderr: string): NotBegunError {
  const said = stderr.trim() || 'the host did not say why';
  const seen: Record<number, string> = {
    4: 'the lease was lost to another run',
    5: `the files could not be written: ${said}`,
    6: `an image could not be tagged: ${said}`,
  };
  return new NotBegunError({
    attempted: `lay down the release on ${label}`,
    seen: seen[code] ?? `exit code ${code}: ${said}`,
    remedy: `nothing that runs on this host was changed; ${code === 4 ? 'wait for the end of the other run' : remedyFor(said)}, and run again`,
  });
}

/** Busybox calls a full disk an I/O error. */
function remedyFor(said: string): string {
  const isAboutDisk = /no space left|quota exceeded|i\/o error|input\/output error/i.test(said);
  return isAboutDisk ? 'look at the disk and its free space (`df -h`, `df -i`)' : 'mend there what the host says';
}
