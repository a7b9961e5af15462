import { errorRule, type Finding, fixedRule, infoRule, type Place, type Rule, warningRule } from '@gitops/core';

/** Every rule about secrets. */
export const SECRET_RULES = {
  'secret/private-key': errorRule('A private key is written in clear'),
  'secret/token': errorRule('A token, a password or a key of a known format is written in clear'),
  'secret/literal': warningRule('A name that tells of a secret has a value in clear'),
  'secret/default-value': warningRule('A variable has a secret as its default'),
  'secret/plaintext-file': warningRule('A file that is made to hold secrets is in git in clear'),
  'secret/not-searched': infoRule('Files were not searched for secrets: too large, or no text'),
  'secret/unencrypted-value': errorRule('A value of a SOPS file should be encrypted and is not'),
  'secret/bad-sops': errorRule('A SOPS file cannot be read, or lacks what it needs'),
  'secret/tampered': fixedRule('A SOPS file was changed without SOPS: its values are not those that its MAC is of'),
  'secret/not-opened': warningRule('None of the keys that were given opens a SOPS file'),
  'secret/names-unknown': infoRule('A file is encrypted as a whole, so without a key nothing is known of it'),
  'secret/bad-sops-config': warningRule('`.sops.yaml` cannot be read'),
  'secret/missing-recipient': warningRule('A key of `.sops.yaml` cannot open a file that it should open'),
  'secret/extra-recipient': warningRule('A file can be opened by a key that `.sops.yaml` does not name'),
  'secret/no-creation-rule': warningRule('No rule of `.sops.yaml` is about a SOPS file'),
  'secret/shared-key': warningRule('One key opens the secrets of several environments'),
  'secret/old': warningRule('The secrets of a file are old'),
  'secret/empty-key-added': warningRule('Something was added to a SOPS file that its MAC does not cover'),
  'secret/decrypted-in-tree': warningRule('A value of a SOPS file is written somewhere in clear'),
  'secret/compose-reads-differently': warningRule('Compose reads a decrypted value differently from what SOPS holds'),
  'secret/bad-baseline': errorRule('`.gitops-baseline.json` cannot be read'),
  'secret/stale-baseline': infoRule('The baseline holds a finding that is no longer there'),
} as const satisfies Readonly<Record<string, Rule>>;

export type SecretRule = keyof typeof SECRET_RULES;

/** A finding of one of these rules, as grave as the rule is. */
export function secretFinding(rule: SecretRule, place: Place, message: string, remedy: string): Finding {
  return { rule, severity: SECRET_RULES[rule].level, ...place, message, remedy };
}
