import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import type { ContainerMachine } from './container-machine.ts';

const recipe = join(import.meta.dirname, 'software');

/** What the lab has real software for; `miniflux-next` is a later version than `miniflux`. */
export type Software = 'caddy' | 'postgres' | 'miniflux' | 'miniflux-next';

/**
 * Gives a machine images under the names of public ones, with the real programs in them. Only a machine with an Engine of
 * its own may have them: under these names nobody else must find what was made here.
 */
export async function supplySoftware(
  machine: ContainerMachine,
  images: Readonly<Record<string, Software>>,
): Promise<void> {
  const tag = await softwareImages();
  const sources = [...new Set(Object.values(images))].map((name) => `gitops-lab/${name}:${tag}`);
  const script = 'machine=$1; shift; docker save "$@" | docker exec --interactive "$machine" docker load';
  await runCommand('sh', ['-c', script, 'sh', machine.name, ...sources]);
  for (const [name, software] of Object.entries(images)) {
    await machine.run(['docker', 'tag', `gitops-lab/${software}:${tag}`, name]);
  }
}

/** Their tag, named after the recipe; they are made when this recipe was never followed here. */
async function softwareImages(): Promise<string> {
  const names = ['build-images.sh', 'postgres-entrypoint.sh'];
  const texts = await Promise.all(names.map((name) => readFile(join(recipe, name), 'utf8')));
  const tag = createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, 12);
  // The last one that the recipe makes.
  if ((await runCommand('docker', ['images', '--quiet', `gitops-lab/postgres:${tag}`])) === '') {
    await runCommand('bash', [join(recipe, 'build-images.sh'), tag]);
  }
  return tag;
}
