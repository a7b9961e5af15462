import { readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type CreationRule, readSopsConfig, ruleFor } from '@gitops/secrets';

const FILE = '.sops.yaml';

/**
 * The rule for a path, by the nearest `.sops.yaml` above it; undefined if there is none, or no rule that fits.
 *
 * @throws SopsError `sops-damaged` with the place in `.sops.yaml`
 */
export async function creationRule(path: string): Promise<CreationRule | undefined> {
  const folder = await realpath(dirname(path)).catch(() => resolve(dirname(path)));
  for (let at = folder; ; at = dirname(at)) {
    const text = await readFile(join(at, FILE), 'utf8').catch(absent);
    if (text !== undefined) return ruleFor(readSopsConfig(text, join(at, FILE)), join(folder, basename(path)));
    if (dirname(at) === at) return undefined;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
