import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { inspectSops, type SopsFile, type SopsLeaf } from '../sops/inspect.ts';
import { SopsError } from '../sops/sops-error.ts';
import type { OpenedFile } from './opened-file.ts';
import { describePath } from './unencrypted-value.ts';

/**
 * What was added to a SOPS file since the base commit that its MAC does not cover: whoever may write to the repository
 * can add it without any key. Nothing for a new file, and where the old one cannot be read.
 */
export function uncoveredChanges(
  { path: file, text, sops }: OpenedFile,
  baseText: string | undefined,
): readonly Finding[] {
  const base = baseText === undefined ? undefined : inspect(baseText);
  if (base === undefined || baseText === undefined) return [];
  const before = new Set(uncovered(base, baseText).map(({ identity }) => identity));
  return uncovered(sops, text)
    .filter(({ identity }) => !before.has(identity))
    .map(({ leaf }) => {
      const message = `${describe(leaf)} was added, which anybody can without a key: the file's MAC does not cover it`;
      const remedy = 'see that whoever made the change meant it; a value that matters is one to encrypt';
      return secretFinding('secret/empty-key-added', { file, line: leaf.line, column: leaf.column }, message, remedy);
    });
}

function inspect(text: string): SopsFile | undefined {
  try {
    return inspectSops(text);
  } catch (error) {
    if (error instanceof SopsError) return undefined;
    throw error;
  }
}

interface Uncovered {
  readonly leaf: SopsLeaf;
  /** The same for the same text in the same place of the structure, whatever stands above it. */
  readonly identity: string;
}

/** https://github.com/getsops/sops, stores and `Tree.Decrypt`: comments and empty values are not hashed. */
function uncovered({ leaves, rule }: SopsFile, text: string): readonly Uncovered[] {
  const lines = text.split('\n');
  const open = leaves.filter(
    ({ isEmpty, isComment, isEncrypted }) => isEmpty || (!isEncrypted && (isComment || rule.macOnlyEncrypted)),
  );
  return open.map((leaf) => ({ leaf, identity: JSON.stringify([leaf.path, lines[leaf.line - 1]?.trim()]) }));
}

function describe({ isComment, isEmpty, path }: SopsLeaf): string {
  if (isComment) return 'a comment';
  return isEmpty ? `\`${describePath(path)}\` without a value` : `\`${describePath(path)}\` in clear`;
}
