import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ruleOfSopsError } from './rule-of-sops-error.ts';
import { SECRET_RULES } from './rules.ts';

const pages = join(import.meta.dirname, '../../../docs/rules');

test.each(Object.entries(SECRET_RULES))(
  '%s has a page that says why, how to mend it, and when it is wrong',
  async (id, rule) => {
    const text = await readFile(join(pages, `${id.replace('/', '-')}.md`), 'utf8');
    expect(text).toMatch(new RegExp(`^# ${id}\n\n[\`A-Z]`));
    for (const part of ['Why it matters.', 'How to mend it.', 'When it is wrong.'])
      expect(text).toContain(`**${part}**`);
    expect(text.includes(`${id}: off`)).toBe(!('isFixed' in rule) && id !== 'secret/bad-baseline');
  },
);

test('there is no page of a rule that does not exist', async () => {
  const named = (await readdir(pages)).filter((name) => name.startsWith('secret-'));
  expect(named.sort()).toEqual(
    Object.keys(SECRET_RULES)
      .map((id) => `${id.replace('/', '-')}.md`)
      .sort(),
  );
});

test.each([
  ['sops-wrong-key', 'warning'],
  ['sops-no-key', 'warning'],
  ['sops-mac-mismatch', 'error'],
  ['sops-wrong-format', 'error'],
  ['sops-damaged', 'error'],
] as const)('%s is a %s: only what no key would open is a fault of the file', (code, level) => {
  expect(SECRET_RULES[ruleOfSopsError(code)].level).toBe(level);
});
