import { PREFLIGHT_RULES } from '@gitops/compose';
import { fixedRule, type Rules, warningRule } from '@gitops/core';

/** Rules that only a host can judge: `target-checks`. */
export const HOST_RULES = {
  ...PREFLIGHT_RULES,
  'host/not-asked': warningRule('A host is asked only once the change of its address is merged'),
  'host/refused': fixedRule('A deployment to the host would be refused, or fail before any change'),
  'host/unreadable': fixedRule('A host could not be read, so what a merge would do is unknown'),
} as const satisfies Rules;
