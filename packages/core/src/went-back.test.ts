import { expect, it } from 'vitest';
import type { Move } from './move.ts';
import { wentBack } from './went-back.ts';

const move = { session: { label: 'gitops@docker.example.com' } } as Move;

it.each(['ordered', 'up'])('the head of the audit trail is kept of a host that went back: %s', (detail) => {
  const status = { id: 1, state: 'reverted', detail, auditHead: 'ad'.repeat(32) } as const;
  expect(wentBack(move, status, [])).toMatchObject({ state: 'reverted', auditHead: status.auditHead });
});
