import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';

const recipe = join(import.meta.dirname, 'machine');

/** The image of the lab's machines, named after its recipe; it is made when this recipe was never followed here. */
export async function machineImage(): Promise<string> {
  const texts = await Promise.all(
    ['build-image.sh', 'sshd_config'].map((name) => readFile(join(recipe, name), 'utf8')),
  );
  const hash = createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 12);
  const tag = `gitops-lab/host:${hash}`;
  if ((await runCommand('docker', ['images', '--quiet', tag])) === '') {
    await runCommand('bash', [join(recipe, 'build-image.sh'), tag]);
  }
  return tag;
}

/** What process 1 of a machine runs. */
export function machineInit(): Promise<string> {
  return readFile(join(recipe, 'init.sh'), 'utf8');
}
