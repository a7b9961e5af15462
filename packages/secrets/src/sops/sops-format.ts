/** What a SOPS file is inside, whatever its name. `binary` is JSON around one value, the whole file. */
export type SopsFormat = 'dotenv' | 'yaml' | 'json' | 'binary';

const BINARY = /^\s*\{\s*"data"\s*:\s*"[^"]*"\s*,\s*"sops"\s*:/;

/** The format of a SOPS file by its content, whatever its name; undefined if it is none. */
export function sniffSops(text: string): SopsFormat | undefined {
  if (/^\s*\{/.test(text)) return sniffJson(text);
  if (/^sops_(?:mac|version|lastmodified)=/m.test(text)) return 'dotenv';
  return /^(?:sops|"sops"|'sops')[ \t]*:/m.test(text) ? 'yaml' : undefined;
}

function sniffJson(text: string): SopsFormat | undefined {
  if (BINARY.test(text)) return 'binary';
  return /"sops"\s*:\s*\{/.test(text) ? 'json' : undefined;
}
