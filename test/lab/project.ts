import { runCommand } from './command.ts';

const projectLabel = 'com.docker.compose.project';

/**
 * Removes what one Compose project has left on this machine's engine: its containers, networks and volumes, found by the
 * project's label, and the image tags named in `imageTags`. Nothing else is touched.
 */
export async function removeProject(project: string, imageTags: readonly string[] = []): Promise<void> {
  const filter = ['--quiet', '--filter', `label=${projectLabel}=${project}`];
  await removeListed(['ps', '--all', ...filter], ['rm', '--force', '--volumes']);
  await removeListed(['network', 'ls', ...filter], ['network', 'rm']);
  await removeListed(['volume', 'ls', ...filter], ['volume', 'rm']);
  for (const tag of imageTags) await removeTag(tag);
}

async function removeListed(list: readonly string[], remove: readonly string[]): Promise<void> {
  const ids = (await runCommand('docker', list)).split('\n').filter(Boolean);
  if (ids.length > 0) await runCommand('docker', [...remove, ...ids]);
}

async function removeTag(tag: string): Promise<void> {
  const ids = await runCommand('docker', ['images', '--quiet', tag]);
  if (ids !== '') await runCommand('docker', ['rmi', tag]);
}
