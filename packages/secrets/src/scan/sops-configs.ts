import { posix } from 'node:path';
import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { readSopsConfig, type SopsConfig } from '../sops/sops-config.ts';
import { SopsError } from '../sops/sops-error.ts';
import type { ScannedFile } from './scanned-file.ts';

/** What each `.sops.yaml` says, by its folder relative to the root, which is `.`; undefined for one that cannot be read. */
export type SopsConfigs = ReadonlyMap<string, SopsConfig | undefined>;

/** Every `.sops.yaml` among files, and what is wrong with those that cannot be read. */
export function openSopsConfigs(files: readonly ScannedFile[]): {
  readonly configs: SopsConfigs;
  readonly findings: readonly Finding[];
} {
  const opened = files
    .filter(({ path }) => posix.basename(path) === '.sops.yaml')
    .map(({ path, content }) => ({ path, ...openSopsConfig(content.toString('utf8'), path) }));
  return {
    configs: new Map(opened.map(({ path, config }) => [posix.dirname(path), config])),
    findings: opened.flatMap(({ findings }) => findings),
  };
}

/** The `.sops.yaml` that counts for a path, which is the nearest at or above it; those farther up do not count beside it. */
export function nearestSopsConfig(configs: SopsConfigs, path: string): SopsConfig | undefined {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    if (configs.has(folder)) return configs.get(folder);
    if (folder === posix.dirname(folder)) return undefined;
  }
}

function openSopsConfig(
  text: string,
  file: string,
): { readonly config?: SopsConfig; readonly findings: readonly Finding[] } {
  try {
    return { config: readSopsConfig(text, file), findings: [] };
  } catch (error) {
    if (!(error instanceof SopsError)) throw error;
    return { findings: [badSopsConfig(file, error)] };
  }
}

/** Why a `.sops.yaml` cannot be obeyed. */
export function badSopsConfig(file: string, { position, seen, remedy }: SopsError): Finding {
  const message = `SOPS' own configuration cannot be read: ${seen}`;
  return secretFinding('secret/bad-sops-config', { file, ...position }, message, remedy);
}
