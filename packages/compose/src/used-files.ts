import { isAbsolute } from 'node:path/posix';
import type { UploadedFile } from '@gitops/core';
import { asMap } from './fields.ts';
import { fileDigest } from './object-digest.ts';

/** Files whose content or mode is another one, that are new, or that are gone: by path, sorted. */
export function changedFiles(before: readonly UploadedFile[], after: readonly UploadedFile[]): readonly string[] {
  const [was, now] = [digestsOf(before), digestsOf(after)];
  return [...new Set([...was.keys(), ...now.keys()])].filter((path) => was.get(path) !== now.get(path)).sort();
}

function digestsOf(files: readonly UploadedFile[]): ReadonlyMap<string, string> {
  return new Map(files.map((file) => [file.path, fileDigest(file)]));
}

/** Which of these files a service of a project without a host reads or mounts, itself or in a folder. */
export function filesUsedBy(name: string, model: unknown, paths: readonly string[]): readonly string[] {
  const { services, configs, secrets } = asMap(model);
  const service = asMap(asMap(services)[name]);
  const sources = [
    ...listOf(service['env_file']).map(({ path }) => path),
    ...listOf(service['volumes']).flatMap(({ type, source }) => (type === 'bind' ? [source] : [])),
    ...listOf(service['configs']).map(({ source }) => asMap(asMap(configs)[String(source)])['file']),
    ...listOf(service['secrets']).map(({ source }) => asMap(asMap(secrets)[String(source)])['file']),
  ].filter((source) => typeof source === 'string' && !isAbsolute(source));
  return paths.filter((path) => sources.some((source) => path === source || path.startsWith(`${source}/`)));
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(asMap) : [];
}
