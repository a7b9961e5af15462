import type { Finding } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import { shortRecipient } from '../sops/age/short-recipient.ts';
import type { OpenedFile } from './opened-file.ts';

/**
 * Keys that open the secrets of more than one environment, so that whoever takes over the least guarded one reads those
 * of all. `allowed` are meant to: the keys of a backup or of an administrator.
 */
export function sharedKeys(
  files: readonly OpenedFile[],
  environments: readonly string[],
  allowed: readonly string[],
): readonly Finding[] {
  const uses = files.flatMap(({ path, sops }) => {
    const environment = environments.find((name) => path.startsWith(`environments/${name}/`));
    return environment === undefined ? [] : sops.recipients.map((each) => ({ ...each, file: path, environment }));
  });
  const byKey = Map.groupBy(
    uses.filter(({ recipient }) => !allowed.includes(recipient)),
    ({ recipient }) => recipient,
  );
  return [...byKey].flatMap(([recipient, of]) => {
    const names = [...new Set(of.map(({ environment }) => environment))].sort();
    const [first] = of;
    if (first === undefined || names.length < 2) return [];
    const message = `the key ${shortRecipient(recipient)} opens the secrets of ${listed(names)}`;
    const remedy =
      'make a key for each environment (`age-keygen`) and encrypt to it alone; name the key of a backup or an administrator under `secrets: sharedRecipients:` in gitops.yml';
    return [secretFinding('secret/shared-key', { file: first.file, line: first.line }, message, remedy)];
  });
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
