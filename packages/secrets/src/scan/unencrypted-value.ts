import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import type { OpenedFile } from './opened-file.ts';

/** Values that the file's own rule says are encrypted, and that are not. */
export function unencryptedValues({ path: file, sops }: OpenedFile): readonly Finding[] {
  const open = sops.leaves.filter(
    (leaf) => leaf.shouldBeEncrypted && !leaf.isEncrypted && !leaf.isEmpty && !leaf.isComment,
  );
  return open.map(({ path, line, column }) => {
    const message = `\`${describePath(path)}\` is written in clear, and the file's rule says that it is encrypted`;
    const remedy =
      'take the line out and add it by `gitops secrets edit FILE`; change the value, since the history of git keeps this one';
    return secretFinding('secret/unencrypted-value', { file, line, column }, message, remedy);
  });
}

/** `database.users[0].password` */
export function describePath(path: readonly (string | number)[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`)).join('');
}
