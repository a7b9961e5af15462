import { damaged } from './sops-error.ts';
import type { SopsComment, SopsEntry } from './tree.ts';

/**
 * Refuses a name that stands twice in a map. SOPS' MAC covers neither names nor what is empty, so whoever has no key could put
 * an empty value behind the encrypted one, and readers take the last.
 *
 * @throws SopsError `sops-damaged`
 */
export function refuseSecond(entries: readonly (SopsEntry | SopsComment)[]): void {
  const keys = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === 'comment') continue;
    if (keys.has(entry.key)) throw damaged(`\`${entry.key}\` stands there twice`, entry.at);
    keys.add(entry.key);
  }
}
