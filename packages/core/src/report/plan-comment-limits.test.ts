import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BaseDifference, Change } from '../model.ts';
import { change, plan } from '../testing/changes.ts';
import { HOSTILE_TEXTS } from '../testing/hostile-text.ts';
import { environmentOf, planReport, SAID } from '../testing/plan-report.ts';
import { planComment } from './plan-comment.ts';
import type { EnvironmentPlan, PlanReport } from './plan-report.ts';

const text = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.string({ unit: 'binary' }),
  fc.nat(3000).map((length) => 'x'.repeat(length)),
);

const anyChange: fc.Arbitrary<Change> = fc
  .record({
    name: text,
    stack: text,
    cause: text,
    remedy: text,
    drift: text,
    imageBefore: text,
    imageAfter: text,
    digestAfter: text,
    kind: fc.constantFrom('service', 'network', 'volume'),
    action: fc.constantFrom('create', 'recreate', 'delete', 'none'),
    origin: fc.constantFrom('change', 'drift', 'both'),
    risk: fc.constantFrom('none', 'interrupts', 'blocked'),
    fields: fc.array(fc.record({ field: text, before: text, after: text }), { maxLength: 3 }),
    warnings: fc.array(text, { maxLength: 2 }),
    hostMounts: fc.array(fc.record({ source: text, target: text, readOnly: fc.boolean(), isNew: fc.boolean() }), {
      maxLength: 2,
    }),
  } satisfies Partial<Record<keyof Change, unknown>>)
  .map((said) => change({ ...said, subject: said.name } as Partial<Change>));

const anyDifference: fc.Arbitrary<BaseDifference> = fc.record({
  stack: text,
  kind: fc.constantFrom('stack', 'service', 'secret'),
  name: text,
  change: fc.constantFrom('added', 'removed', 'changed'),
  fields: fc.array(fc.record({ field: text }), { maxLength: 2 }),
});

const anyEnvironment: fc.Arbitrary<EnvironmentPlan> = fc.record(
  {
    environment: text,
    host: text,
    outcome: fc.constantFrom('planned', 'unchanged', 'refused', 'failed', 'unknown', 'invalid'),
    plan: fc
      .record({ changes: fc.array(anyChange, { maxLength: 30 }), warnings: fc.array(text, { maxLength: 3 }) })
      .map((said) => plan(said)),
    error: fc.record({ code: text, seen: text, remedy: text }),
    againstBase: fc.array(anyDifference, { maxLength: 5 }),
  },
  { requiredKeys: ['environment', 'host', 'outcome'] },
);

const anyReport: fc.Arbitrary<PlanReport> = fc.record({
  environments: fc.array(anyEnvironment, { maxLength: 8 }),
  commit: text,
  base: text,
  findings: fc.record({ errors: fc.nat(), warnings: fc.nat() }),
  summaryUrl: text,
});

/** Markdown outside of lines of code. */
function withoutCode(markdown: string): string {
  return markdown.replace(/(?<![\\`])(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g, '');
}

describe('a comment, whatever is in it,', () => {
  const limited = fc.tuple(anyReport, fc.integer({ min: 4000, max: 70_000 }));

  it('is never longer than it may be, and always begins with the headline and what is blocked', () => {
    fc.assert(
      fc.property(limited, ([report, limit]) => {
        const [whole, comment] = [planComment(report, Number.POSITIVE_INFINITY), planComment(report, limit)];
        expect(comment.length).toBeLessThanOrEqual(limit);
        expect(comment.split('\n')[0]).toBe(whole.split('\n')[0]);
        expect(comment.includes('### ⛔ Blocked')).toBe(whole.includes('### ⛔ Blocked'));
      }),
    );
  });

  it('folds what it unfolds, and has no tag of anybody else', () => {
    fc.assert(
      fc.property(limited, ([report, limit]) => {
        const tags = withoutCode(planComment(report, limit)).match(/<[^>\n]*>/g) ?? [];
        const folding = tags.filter((tag) => tag !== '<br>');
        for (let index = 0; index < folding.length; index += 4) {
          expect(folding.slice(index, index + 4)).toEqual(['<details>', '<summary>', '</summary>', '</details>']);
        }
      }),
    );
  });

  it('calls nobody and leads nowhere but to its summary', () => {
    fc.assert(
      fc.property(limited, ([report, limit]) => {
        const said = withoutCode(planComment(report, limit)).replace(/\[all of it\]\([^)]*\)/, '');
        // In the title of a folded part nothing is Markdown.
        expect(said.replace(/<summary>.*<\/summary>|\\./g, '')).not.toMatch(/\]\(/);
        expect(said.replaceAll('\\', '')).not.toMatch(/@[a-z0-9]|(?<!&)#\d|:\/\/|www\./i);
      }),
    );
  });

  it('is the same each time', () => {
    fc.assert(
      fc.property(limited, ([report, limit]) => {
        expect(planComment(structuredClone(report), limit)).toBe(planComment(report, limit));
      }),
      { numRuns: 20 },
    );
  });
});

describe('a comment for which there is too little room', () => {
  const many = (said: Change, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...said,
      name: `${said.name}-${index}`,
      stack: `stack-${index % 3}`,
    }));
  const report = (count: number, blocked = 1) =>
    planReport([
      environmentOf([...many(SAID.image, count), ...many(SAID.drift, 5), ...many(SAID.blocked, blocked)]),
      environmentOf([SAID.variable], { environment: 'staging' }),
    ]);

  it('loses what is folded first, and keeps the smaller environment whole', () => {
    const comment = planComment(report(70), 8000);
    expect(comment).not.toContain('<details>');
    expect(comment).toContain('**web-69** recreated: image');
    expect(comment).toContain('**api** recreated: content of');
  });

  it('counts then', () => {
    const comment = planComment(report(400), 8000);
    expect(comment.slice(comment.indexOf('### ⛔ production'))).toMatchInlineSnapshot(`
      "### ⛔ production: 1 change blocked, 400 services recreated, 5 differences put right

      - **stack-0**: 134 services recreated
      - **stack-1**: 133 services recreated
      - **stack-2**: 133 services recreated

      #### Already different from git, and put right by this deployment

      - **stack-0**: 2 services restarted
      - **stack-1**: 2 services restarted
      - **stack-2**: 1 service restarted

      ### 📋 staging

      **shop**

      - ♻️ **api** recreated: content of \`stacks/shop/api.toml\`, variables \`DB_HOST\`, \`DB_PASSWORD\`

      ⏳ Interrupted while containers are replaced: **api**.

      To deploy exactly this: \`plan-hash: feedbeeffeedbeeffeedbeeffeedbeef\`
      "
    `);
  });

  it('names what is blocked as long as there is room for anything', () => {
    const comment = planComment(report(400, 500), 8000);
    expect(comment).toContain('**volume shop\\_data-0 (production, stack-0)**');
    expect(comment).toMatch(/\n- … and \d+ more\n/);
  });
});
