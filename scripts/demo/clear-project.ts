import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { atExit } from '../../test/lab/at-exit.ts';
import { killTrackedProcesses } from '../../test/lab/tracked-processes.ts';

/** More than a demo or a benchmark has deployments. */
const MOST_TRANSACTIONS = 50;

/**
 * Removes a Compose project and the tags that protect its images when this process is interrupted and can't wait any more.
 * `folder` is its environment's on the host, if it was deployed by us.
 */
export function clearProjectAtExit(project: string, folder?: string): () => void {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`];
  return atExit(() => {
    if (folder !== undefined) endTransactions(folder);
    removeAll(['ps', '--all', '--quiet', ...filter], ['rm', '--force', '--volumes']);
    removeAll(['network', 'ls', '--quiet', ...filter], ['network', 'rm']);
    removeAll(['volume', 'ls', '--quiet', ...filter], ['volume', 'rm']);
    removeAll(['images', `gitops/${project}`, '--format', '{{.Repository}}:{{.Tag}}'], ['rmi']);
  });
}

/** A `docker compose up` in the middle of its work would bring back what is removed here. */
function endTransactions(folder: string): void {
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  for (let id = 1; id <= MOST_TRANSACTIONS; id++) killTrackedProcesses('GITOPS_TRANSACTION', `${boot}/${folder}/${id}`);
}

function removeAll(list: readonly string[], remove: readonly string[]): void {
  const found = execFileSync('docker', list, { encoding: 'utf8' }).split('\n').filter(Boolean);
  if (found.length > 0) execFileSync('docker', [...remove, ...found], { stdio: 'ignore' });
}
