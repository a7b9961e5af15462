import type { Finding } from '@gitops/core';
import { ruleOfSopsError, SECRET_RULES, type SopsError } from '@gitops/secrets';

/** Why an encrypted file could not be opened, as a finding in it. */
export function unopened({ code, file = '', position, seen, remedy }: SopsError): Finding {
  const rule = ruleOfSopsError(code);
  return { rule, severity: SECRET_RULES[rule].level, file, ...position, message: seen, remedy };
}
