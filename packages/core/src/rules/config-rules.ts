import type { Rules } from '../model.ts';

/** Rules of `gitops.yml`, `environment.yml` and what lies beside them, and of YAML itself. */
export const CONFIG_RULES = {
  'config/authority': fixed('A file of certificates that a probe trusts cannot be read'),
  'config/bad-ignore': { level: 'warning', says: 'A comment means to switch a rule off, and names none that exists' },
  'config/base-unknown': { level: 'info', says: 'The base commit is not in the clone, so the change cannot be judged' },
  'config/contradicting-variable': fixed('Two stacks give the login of a registry different values'),
  'config/duplicate-name': fixed('Two probes have one name'),
  'config/empty-value': fixed('A user name or password of a registry is empty'),
  'config/environment-name': fixed('The name of an environment has other letters than it may'),
  'config/fixed-rule': fixed('`rules` lowers what a deployment refuses anyway'),
  'config/invalid-value': fixed('A value is not one that its key takes'),
  'config/long-timeout': fixed('The timeout of a probe is longer than the deadline'),
  'config/misnamed-file': { level: 'warning', says: 'A file has nearly the name of `environment.yml`' },
  'config/missing-file': fixed('`gitops.yml` or the folder of an environment is missing'),
  'config/missing-key': fixed('A key that must be there is missing'),
  'config/not-supported': fixed('A key or value is reserved for later'),
  'config/path-outside': fixed('The folder of a stack is outside of the repository'),
  'config/repeated-registry': fixed('A registry is listed twice'),
  'config/repeated-stack': fixed('Two stacks of a target have one name'),
  'config/repeated-target': fixed('Two targets keep their records in one folder of one host'),
  'config/stacks-not-read': {
    level: 'info',
    says: 'The Compose files of an environment were not read, as its own files are at fault',
  },
  'config/unknown-key': fixed('A key that nobody reads'),
  'config/unknown-rule': fixed('`rules` names a rule that does not exist'),
  'config/unknown-target': fixed('A stack runs on a target that does not exist'),
  'config/unset-variable': fixed('The login of a registry uses a variable without a value'),
  'config/unverified-tls': { level: 'warning', says: 'A probe takes any certificate' },
  'yaml/alias': fixed('An alias has no anchor, or there are too many'),
  'yaml/duplicate-key': fixed('A key is written twice in one mapping'),
  'yaml/multiple-documents': fixed('A file holds more than one YAML document'),
  'yaml/syntax': fixed('A file is no YAML'),
} as const satisfies Rules;

function fixed(says: string): { readonly level: 'error'; readonly says: string; readonly isFixed: true } {
  return { level: 'error', says, isFixed: true };
}
