import type { Finding } from '@gitops/core';
import type { SopsError } from '@gitops/secrets';

/** Why an encrypted file could not be opened, as a finding in it. */
export function unopened({ code, file = '', position, seen, remedy }: SopsError): Finding {
  return { rule: RULES[code], severity: 'error', file, ...position, message: seen, remedy };
}

const RULES: Readonly<Record<SopsError['code'], string>> = {
  'sops-not-encrypted': 'secret/bad-sops',
  'sops-damaged': 'secret/bad-sops',
  'sops-mac-mismatch': 'secret/tampered',
  'sops-no-key': 'secret/not-opened',
  'sops-wrong-key': 'secret/not-opened',
  'sops-bad-key': 'secret/not-opened',
  'sops-unsupported': 'secret/not-opened',
};
