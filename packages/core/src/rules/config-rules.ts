import type { Rules } from '../model.ts';
import { fixedRule, infoRule, warningRule } from './rule.ts';

/** Rules of `gitops.yml`, `environment.yml` and what lies beside them, and of YAML itself. */
export const CONFIG_RULES = {
  'config/authority': fixedRule('A file of certificates that a probe trusts cannot be read'),
  'config/bad-ignore': warningRule('A comment means to switch a rule off, and names none that exists'),
  'config/base-unknown': infoRule('The base commit is not in the clone, so the change cannot be judged'),
  'config/contradicting-variable': fixedRule('Two stacks give the login of a registry different values'),
  'config/duplicate-name': fixedRule('Two probes have one name'),
  'config/empty-value': fixedRule('A user name or password of a registry is empty'),
  'config/environment-name': fixedRule('The name of an environment has other letters than it may'),
  'config/fixed-rule': fixedRule('`rules` lowers what a deployment refuses anyway'),
  'config/invalid-value': fixedRule('A value is not one that its key takes'),
  'config/long-timeout': fixedRule('The timeout of a probe is longer than the deadline'),
  'config/misnamed-file': warningRule('A file has nearly the name of `environment.yml`'),
  'config/missing-file': fixedRule('`gitops.yml` or the folder of an environment is missing'),
  'config/missing-key': fixedRule('A key that must be there is missing'),
  'config/not-supported': fixedRule('A key or value is reserved for later'),
  'config/path-outside': fixedRule('The folder of a stack is outside of the repository'),
  'config/repeated-registry': fixedRule('A registry is listed twice'),
  'config/repeated-stack': fixedRule('Two stacks of a target have one name'),
  'config/repeated-target': fixedRule('Two targets keep their records in one folder of one host'),
  'config/stacks-not-read': infoRule(
    'The Compose files of an environment were not read, as its own files are at fault',
  ),
  'config/unknown-key': fixedRule('A key that nobody reads'),
  'config/unknown-rule': fixedRule('`rules` names a rule that does not exist'),
  'config/unknown-target': fixedRule('A stack runs on a target that does not exist'),
  'config/unset-variable': fixedRule('The login of a registry uses a variable without a value'),
  'config/unverified-tls': warningRule('A probe takes any certificate'),
  'yaml/alias': fixedRule('An alias has no anchor, or there are too many'),
  'yaml/duplicate-key': fixedRule('A key is written twice in one mapping'),
  'yaml/multiple-documents': fixedRule('A file holds more than one YAML document'),
  'yaml/syntax': fixedRule('A file is no YAML'),
} as const satisfies Rules;
