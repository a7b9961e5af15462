import type { Finding } from '@gitops/core';
import { withoutIgnored } from './ignored.ts';
import { type OldSecretsOptions, oldSecrets } from './old-secrets.ts';
import { type OpenedFile, openFiles } from './opened-file.ts';
import { recipientFindings } from './recipients.ts';
import type { ScannedFile } from './scanned-file.ts';
import { sharedKeys } from './shared-key.ts';
import { nearestSopsConfig, type SopsConfigs } from './sops-configs.ts';
import { uncoveredChanges } from './uncovered-change.ts';
import { unencryptedValues } from './unencrypted-value.ts';

export interface SopsFindingsOptions extends OldSecretsOptions {
  /** What each `.sops.yaml` says. Without one above a file, nothing is said of its recipients. */
  readonly configs?: SopsConfigs;
  /** Names of the environments, whose files lie below `environments/<name>/`. */
  readonly environments: readonly string[];
  /** `age1…` keys that may open several environments. */
  readonly sharedRecipients: readonly string[];
  /** The text of a file at the base commit; undefined where there was none. Without it, nothing is said of what was added. */
  readonly baseText?: (path: string) => string | undefined;
}

/** What can be said of the SOPS files among files without any key. Files that are none are passed over. */
export function sopsFindings(files: readonly ScannedFile[], options: SopsFindingsOptions): readonly Finding[] {
  const { opened, findings } = openFiles(files);
  const each = opened.flatMap((file) => fileFindings(file, options));
  const shared = sharedKeys(opened, options.environments, options.sharedRecipients);
  const texts = new Map(opened.map(({ path, text }) => [path, text]));
  return withoutIgnored([...findings, ...each, ...shared], (file) => texts.get(file));
}

function fileFindings(file: OpenedFile, options: SopsFindingsOptions): readonly Finding[] {
  const config = options.configs && nearestSopsConfig(options.configs, file.path);
  return [
    ...unencryptedValues(file),
    ...(config ? recipientFindings(file, config) : []),
    ...oldSecrets(file, options),
    ...uncoveredChanges(file, options.baseText?.(file.path)),
  ];
}
