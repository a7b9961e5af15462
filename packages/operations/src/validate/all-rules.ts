import { COMPOSE_LINT_RULES, COMPOSE_RULES } from '@gitops/compose';
import { CONFIG_RULES, type Rules } from '@gitops/core';
import { SECRET_RULES } from '@gitops/secrets';
import { HOST_RULES } from './host-rules.ts';

/** Every rule there is, by id. */
export const ALL_RULES: Rules = {
  ...CONFIG_RULES,
  ...COMPOSE_RULES,
  ...COMPOSE_LINT_RULES,
  ...SECRET_RULES,
  ...HOST_RULES,
};
