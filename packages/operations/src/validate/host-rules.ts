import { PREFLIGHT_RULES } from '@gitops/compose';
import type { Rules } from '@gitops/core';

/** Rules that only a host can judge: `target-checks`. */
export const HOST_RULES = {
  ...PREFLIGHT_RULES,
  'host/not-asked': { level: 'warning', says: 'A host is asked only once the change of its address is merged' },
  'host/refused': {
    level: 'error',
    says: 'A deployment to the host would be refused, or fail before any change',
    isFixed: true,
  },
  'host/unreadable': {
    level: 'error',
    says: 'A host could not be read, so what a merge would do is unknown',
    isFixed: true,
  },
} as const satisfies Rules;
