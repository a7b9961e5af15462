import type { SecretRule } from './rules.ts';
import type { SopsErrorCode } from './sops/sops-error.ts';

/** The rule by which a SOPS file that could not be opened is told. */
export function ruleOfSopsError(code: SopsErrorCode): SecretRule {
  return RULES[code];
}

const RULES: Readonly<Record<SopsErrorCode, SecretRule>> = {
  'sops-not-encrypted': 'secret/bad-sops',
  'sops-damaged': 'secret/bad-sops',
  'sops-wrong-format': 'secret/bad-sops',
  'sops-mac-mismatch': 'secret/tampered',
  'sops-no-key': 'secret/not-opened',
  'sops-wrong-key': 'secret/not-opened',
  'sops-bad-key': 'secret/not-opened',
  'sops-unsupported': 'secret/not-opened',
};
