import type { Position } from '@gitops/core';
import { readMetadata, type SopsMetadata } from './metadata.ts';
import { SopsError } from './sops-error.ts';
import { type SopsFormat, sniffSops } from './sops-format.ts';
import { STORES } from './stores.ts';
import type { SopsTree } from './tree.ts';

/** A SOPS file that was read, but not decrypted. */
export interface OpenedSops {
  readonly format: SopsFormat;
  readonly tree: SopsTree & { readonly metadata: NonNullable<SopsTree['metadata']> };
  readonly metadata: SopsMetadata;
}

/** Reads a SOPS file of any format. Throws SopsError `sops-not-encrypted`, `sops-damaged` or `sops-wrong-format`. */
export function openSops(text: string): OpenedSops {
  refuseConflict(text);
  const format = sniffSops(text);
  if (!format) throw unknownFormat(text);
  if (format === 'dotenv') refuseWindowsLines(text);
  const { documents, metadata } = STORES[format].read(text);
  if (!metadata) throw notEncrypted('it has no `sops` part');
  return { format, tree: { documents, metadata }, metadata: readMetadata(metadata) };
}

/** `git merge` writes these; no side of them is a file that SOPS wrote. */
const CONFLICT = /^(?:<{7}|>{7}) /m;

function refuseConflict(text: string): void {
  const marker = CONFLICT.exec(text);
  if (!marker) return;
  const position: Position = { line: text.slice(0, marker.index).split('\n').length, column: 1 };
  throw new SopsError('sops-damaged', {
    attempted: 'read',
    seen: 'it has the markers of a merge conflict, and values of two versions do not fit together',
    remedy:
      'do not resolve it by hand: take one side whole (`git checkout --ours FILE` or `--theirs`) and make the changes of the other by `gitops secrets edit FILE`',
    position,
  });
}

/** In dotenv the `\r` would belong to each value, as with SOPS. */
function refuseWindowsLines(text: string): void {
  if (!/^sops_mac=.*\r$/m.test(text)) return;
  throw new SopsError('sops-damaged', {
    attempted: 'read',
    seen: 'its lines end as on Windows, which makes other values of them',
    remedy: 'keep git from changing it: `*.encrypted -text` in .gitattributes, then `git checkout FILE`',
  });
}

function unknownFormat(text: string): SopsError {
  if (!/^\[sops\]\s*$/m.test(text)) return notEncrypted('SOPS wrote nothing in it');
  return new SopsError('sops-wrong-format', {
    attempted: 'read',
    seen: 'it is an INI file of SOPS',
    remedy: 'keep secrets as dotenv, YAML, JSON or binary',
  });
}

function notEncrypted(seen: string): SopsError {
  const remedy = 'encrypt it: `gitops secrets encrypt FILE`; if it was committed like this, change the secrets too';
  return new SopsError('sops-not-encrypted', { attempted: 'read', seen, remedy });
}
