import { randomUUID } from 'node:crypto';
import { labMachine } from '../../lab/host.ts';
import { httpPort } from '../../lab/image-kinds.ts';
import { buildImage, imageName, removeImage } from '../../lab/images.ts';
import type { Machine } from '../../lab/machine.ts';
import type { Registry } from '../../lab/registry.ts';

/**
 * Puts the image of version `two` into a registry alone: no machine has it, nor a layer of it.
 * @returns the name by which `machine` pulls it
 */
export async function publishFarImage(registry: Registry, machine: Machine = labMachine()): Promise<string> {
  const local = imageName('far', randomUUID());
  const serve = `trap 'kill $!; exit 0' TERM INT; httpd -f -p ${httpPort} -h /www & wait $!`;
  await buildImage(local, {
    command: ['sh', '-c', serve],
    files: { '/www/index.html': 'two', '/salt': randomUUID() },
    healthcheck: { command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${httpPort}/`] },
  });
  const name = `far/${randomUUID()}:v2`;
  await registry.publish(labMachine(), local, name);
  await removeImage(local);
  return `${registry.addressFor(machine)}/${name}`;
}
