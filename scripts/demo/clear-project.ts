import { execFileSync } from 'node:child_process';
import { atExit } from '../../test/lab/at-exit.ts';

/** Removes a Compose project and the tags that protect its images when the demo is interrupted and can't wait any more. */
export function clearProjectAtExit(project: string): () => void {
  const filter = ['--filter', `label=com.docker.compose.project=${project}`];
  return atExit(() => {
    removeAll(['ps', '--all', '--quiet', ...filter], ['rm', '--force', '--volumes']);
    removeAll(['network', 'ls', '--quiet', ...filter], ['network', 'rm']);
    removeAll(['volume', 'ls', '--quiet', ...filter], ['volume', 'rm']);
    removeAll(['images', `gitops/${project}`, '--format', '{{.Repository}}:{{.Tag}}'], ['rmi']);
  });
}

function removeAll(list: readonly string[], remove: readonly string[]): void {
  const found = execFileSync('docker', list, { encoding: 'utf8' }).split('\n').filter(Boolean);
  if (found.length > 0) execFileSync('docker', [...remove, ...found], { stdio: 'ignore' });
}
