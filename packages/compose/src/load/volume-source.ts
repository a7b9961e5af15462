/** A file or folder that a container is given, as the Compose file says it. */
export interface BindSource {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/**
 * The source of a volume in short syntax, `source:target[:mode]`, interpolated. `undefined` for named and anonymous
 * volumes: as for Compose, a path begins with `.`, `/` or `~`.
 */
export function parseShortVolume(volume: string): BindSource | undefined {
  const [source = '', target, mode = ''] = volume.split(':');
  if (target === undefined || !/^[./~]/.test(source)) return undefined;
  return { source, target, readOnly: mode.split(',').includes('ro') };
}

/** Whether a name is that of a file rather than of a folder: it has an extension (other than `.d`), or is like Caddyfile. */
export function looksLikeFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return (/^.+\.[A-Za-z][A-Za-z0-9]*$/.test(name) && !name.endsWith('.d')) || /^[A-Z][a-z]*file$/.test(name);
}
