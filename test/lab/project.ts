import { type Machine, thisMachine } from './machine.ts';

const projectLabel = 'com.docker.compose.project';

/**
 * Removes what one Compose project has left on a machine's engine: its containers, networks and volumes, found by the
 * project's label, and the image tags named in `imageTags`. Nothing else is touched.
 */
export async function removeProject(
  project: string,
  imageTags: readonly string[] = [],
  machine: Machine = thisMachine,
): Promise<void> {
  const filter = ['--quiet', '--filter', `label=${projectLabel}=${project}`];
  await removeListed(machine, ['ps', '--all', ...filter], ['rm', '--force', '--volumes']);
  await removeListed(machine, ['network', 'ls', ...filter], ['network', 'rm']);
  await removeListed(machine, ['volume', 'ls', ...filter], ['volume', 'rm']);
  if (imageTags.length > 0) await machine.run(['docker', 'rmi', ...imageTags]);
}

async function removeListed(machine: Machine, list: readonly string[], remove: readonly string[]): Promise<void> {
  const ids = (await machine.run(['docker', ...list])).split('\n').filter(Boolean);
  if (ids.length > 0) await machine.run(['docker', ...remove, ...ids]);
}
