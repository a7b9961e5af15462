import { expect, it } from 'vitest';
import { change, plan } from '../testing/changes.ts';
import { HOSTILE_TEXTS } from '../testing/hostile-text.ts';
import { describePlan } from './plan-text.ts';

it('a plan is one line a change', () => {
  const text = describePlan(
    plan({
      hash: 'feedbeef',
      changes: [
        change({ name: 'shop_front', kind: 'network', action: 'create', cause: 'new network' }),
        change({ name: 'db', action: 'none', cause: 'as recorded' }),
        change({ name: 'web', imageBefore: 'nginx:1.27', imageAfter: 'nginx:1.28' }),
        change({ name: 'old', action: 'delete', cause: 'no longer in the Compose file', imageAfter: 'old:1' }),
      ],
    }),
  );
  expect(text.split('\n')).toEqual([
    'Plan feedbeef:',
    '  + shop_front  create    new network',
    '  ± web         recreate  changed: image  (nginx:1.27 → nginx:1.28)',
    '  - old         delete    no longer in the Compose file  (old:1)',
  ]);
});

it('a plan that does nothing says so', () => {
  expect(describePlan(plan({ changes: [change({ action: 'none' })] }))).toBe('Plan: nothing to change.');
  expect(describePlan(plan({ changes: [] }))).toBe('Plan: nothing to change.');
});

it.each(HOSTILE_TEXTS)('a name, cause or image like %j begins no line of its own', (text) => {
  const said = describePlan(
    plan({ changes: [change({ name: text, cause: text, imageBefore: text, imageAfter: `${text}2` }), change()] }),
  );
  const lines = said.split(/\r\n|\r|\n/);
  expect(lines).toHaveLength(3);
  expect(lines.slice(1).every((line) => line.startsWith('  ± '))).toBe(true);
  expect(said.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});
