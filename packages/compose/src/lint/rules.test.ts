import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMPOSE_LINT_RULES } from './rules.ts';

const pages = join(import.meta.dirname, '../../../../docs/rules');

test.each(Object.keys(COMPOSE_LINT_RULES))(
  '%s has a page that says why, how to mend it, and when it is wrong',
  async (rule) => {
    const text = await readFile(join(pages, `${rule.replace('/', '-')}.md`), 'utf8');
    expect(text).toMatch(new RegExp(`^# ${rule}\n\n[\`A-Z]`));
    for (const part of ['Why it matters.', 'How to mend it.', 'When it is wrong.'])
      expect(text).toContain(`**${part}**`);
  },
);
