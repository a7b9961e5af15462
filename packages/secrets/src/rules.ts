import type { Finding, Place, Rule } from '@gitops/core';

/** Every rule about secrets. */
export const SECRET_RULES = {
  'secret/private-key': { level: 'error', says: 'A private key is written in clear' },
  'secret/token': { level: 'error', says: 'A token, a password or a key of a known format is written in clear' },
  'secret/literal': { level: 'warning', says: 'A name that tells of a secret has a value in clear' },
  'secret/default-value': { level: 'warning', says: 'A variable has a secret as its default' },
  'secret/plaintext-file': { level: 'warning', says: 'A file that is made to hold secrets is in git in clear' },
  'secret/not-searched': { level: 'info', says: 'Files were not searched for secrets: too large, or no text' },
  'secret/unencrypted-value': { level: 'error', says: 'A value of a SOPS file should be encrypted and is not' },
  'secret/bad-sops': { level: 'error', says: 'A SOPS file cannot be read, or lacks what it needs' },
  'secret/tampered': {
    level: 'error',
    says: 'A SOPS file was changed without SOPS: its values are not those that its MAC is of',
    isFixed: true,
  },
  'secret/not-opened': { level: 'warning', says: 'None of the keys that were given opens a SOPS file' },
  'secret/names-unknown': {
    level: 'info',
    says: 'A file is encrypted as a whole, so without a key nothing is known of it',
  },
  'secret/bad-sops-config': { level: 'warning', says: '`.sops.yaml` cannot be read' },
  'secret/missing-recipient': {
    level: 'warning',
    says: 'A key of `.sops.yaml` cannot open a file that it should open',
  },
  'secret/extra-recipient': { level: 'warning', says: 'A file can be opened by a key that `.sops.yaml` does not name' },
  'secret/no-creation-rule': { level: 'warning', says: 'No rule of `.sops.yaml` is about a SOPS file' },
  'secret/shared-key': { level: 'warning', says: 'One key opens the secrets of several environments' },
  'secret/old': { level: 'warning', says: 'The secrets of a file are old' },
  'secret/empty-key-added': {
    level: 'warning',
    says: 'Something was added to a SOPS file that its MAC does not cover',
  },
  'secret/decrypted-in-tree': { level: 'warning', says: 'A value of a SOPS file is written somewhere in clear' },
  'secret/compose-reads-differently': {
    level: 'warning',
    says: 'Compose reads a decrypted value differently from what SOPS holds',
  },
  'secret/bad-baseline': { level: 'error', says: '`.gitops-baseline.json` cannot be read' },
  'secret/stale-baseline': { level: 'info', says: 'The baseline holds a finding that is no longer there' },
} as const satisfies Readonly<Record<string, Rule>>;

export type SecretRule = keyof typeof SECRET_RULES;

/** A finding of one of these rules, as grave as the rule is. */
export function secretFinding(rule: SecretRule, place: Place, message: string, remedy: string): Finding {
  return { rule, severity: SECRET_RULES[rule].level, ...place, message, remedy };
}
