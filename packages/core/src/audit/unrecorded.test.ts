import { expect, it } from 'vitest';
import { deployment, upgrade } from '../testing/deployment.ts';
import { AUDIT_HEAD } from '../testing/memory-session.ts';

it.each([
  ['a trail that went on', '00'.repeat(32), []],
  [
    'a trail that stayed as it was',
    AUDIT_HEAD,
    [expect.stringMatching(/^warning: The audit trail on .+ says nothing/)],
  ],
])('%s', async (_, auditHead, said) => {
  const { result, reporter } = await deployment(upgrade({ recorded: { auditHead } }));
  expect(result.outcome).toBe('deployed');
  expect(reporter.said.filter((line) => line.includes('audit trail'))).toEqual(said);
});
