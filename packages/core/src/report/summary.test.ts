import { describe, expect, it } from 'vitest';
import type { DeployResult } from '../deploy-result.ts';
import { GitopsError, RefusedError } from '../errors.ts';
import type { Outcome } from '../model.ts';
import { change, plan } from '../testing/changes.ts';
import { HOSTILE_TEXTS } from '../testing/hostile-text.ts';
import { SAID } from '../testing/plan-report.ts';
import { deploySummary, outcomeLine } from './summary.ts';

function summaryOf(result: Partial<DeployResult> = {}): string {
  return deploySummary({
    environment: 'production',
    host: 'docker.example.com',
    commit: 'abcdef0123456789',
    result: { outcome: 'deployed', release: '2-abcdef0', previousRelease: '1-aaaaaaa', targets: [], ...result },
    timings: new Map([['connect', 1234]]),
  });
}

/** A result in which every text of a host or a file is the same one. */
function resultSaying(text: string): Partial<DeployResult> {
  return {
    outcome: 'rolled-back',
    plan: plan({
      changes: [
        change({ name: text, cause: text, imageBefore: text, imageAfter: `${text}2` }),
        change({ kind: 'network', name: text, cause: text }),
      ],
      warnings: [text],
    }),
    verdict: {
      verdict: 'unhealthy',
      evidence: [
        { subject: text, verdict: 'unhealthy', seen: text, log: text },
        { subject: `probe ${text}`, verdict: 'unknown', seen: text },
      ],
    },
    error: new GitopsError('step-failed', { attempted: text, seen: text, remedy: text }),
    log: text,
  };
}

/** The lines outside of fences, where Markdown means something. */
function unfenced(markdown: string): string[] {
  let fence = '';
  return markdown.split(/\r\n|\r|\n/).filter((line) => {
    const [run = ''] = /^`{3,}/.exec(line) ?? [];
    const isOutside = fence === '' && run === '';
    if (fence === '') fence = run;
    else if (line === fence) fence = '';
    return isOutside;
  });
}

describe('the summary of a deployment', () => {
  it('says how it ended, of what, and what was done to each service', () => {
    const summary = summaryOf({
      plan: plan({
        changes: [
          change({ imageBefore: 'nginx:1.27', imageAfter: 'nginx:1.28' }),
          change({
            name: 'db',
            action: 'none',
            cause: 'as recorded',
            imageBefore: 'postgres:17',
            imageAfter: 'postgres:17',
          }),
          change({ kind: 'network', name: 'shop_front', action: 'create', cause: 'new network' }),
          change({ kind: 'volume', name: 'shop_data', action: 'none', cause: 'as recorded' }),
        ],
      }),
      verdict: {
        verdict: 'healthy',
        evidence: [
          { subject: 'web', verdict: 'healthy', seen: 'health check passes' },
          { subject: 'shop', verdict: 'healthy', seen: 'shop.example.com answers 200' },
        ],
      },
    });
    expect(summary).toMatchInlineSnapshot(`
      "## ✅ Deployed

      **production** on \`docker.example.com\`, commit \`abcdef0\`, release \`1-aaaaaaa\` → \`2-abcdef0\`

      | Service | Action | Seen | Image | Cause |
      | --- | --- | --- | --- | --- |
      | web | recreate | 🟢 health check passes | nginx:1.27 → nginx:1.28 | changed: image |
      | db | none |  | postgres:17 | as recorded |
      | shop | probe | 🟢 shop.example.com answers 200 |  |  |

      | Resource | Action | Cause |
      | --- | --- | --- |
      | network shop\\_front | create | new network |

      <details><summary>Timings</summary>

      | Phase | Seconds |
      | --- | --- |
      | connect | 1.23 |

      </details>

      Plan hash \`00000000000000000000000000000000\`
      "
    `);
  });

  it.each<[release: string, previousRelease: string, text: string]>([
    ['2-bbbbbbb', '1-aaaaaaa', 'release `1-aaaaaaa` → `2-bbbbbbb`'],
    ['1-aaaaaaa', '1-aaaaaaa', 'release `1-aaaaaaa`\n'],
    ['1-aaaaaaa', '', 'release `1-aaaaaaa`\n'],
    ['', '', 'release *none*'],
  ])('of release %j after %j', (release, previousRelease, text) => {
    expect(summaryOf({ release, previousRelease })).toContain(text);
  });

  it('says of each of several targets how it ended', () => {
    const ended = { previousRelease: '1-aaaaaaa', outcome: 'deployed', release: '2-bbbbbbb', auditHead: '' } as const;
    const targets: DeployResult['targets'] = [
      { ...ended, name: 'a', host: 'a.example.com' },
      { ...ended, name: 'b', host: 'b.example.com', outcome: 'rolled-back', release: '1-aaaaaaa' },
    ];
    const summary = summaryOf({ outcome: 'rollback-failed', targets });
    expect(summary).toContain(
      [
        '| Target | Host | Outcome | Release |',
        '| --- | --- | --- | --- |',
        '| a | a.example.com | ✅ Deployed | 1-aaaaaaa → 2-bbbbbbb |',
        '| b | b.example.com | ↩️ Rolled back | 1-aaaaaaa |',
      ].join('\n'),
    );
    expect(summary).toContain('**production** on 2 targets, ');
    expect(summaryOf({ targets: targets.slice(0, 1) })).not.toContain('| Target |');
  });

  it('begins with what failed, and says of a way back that it was seen before', () => {
    const web = change({ cause: 'changed: image web:1 → web:2', imageBefore: 'web:1', imageAfter: 'web:2' });
    const summary = summaryOf({
      outcome: 'rolled-back',
      release: '1-aaaaaaa',
      plan: plan({ changes: [web] }),
      verdict: {
        verdict: 'unhealthy',
        evidence: [
          { subject: 'web', verdict: 'unhealthy', seen: 'exited, exit code 3', log: 'no database' },
          { subject: 'db', verdict: 'healthy', seen: 'health check passes' },
        ],
      },
    });
    expect(summary.slice(0, summary.indexOf('<details><summary>Timings'))).toMatchInlineSnapshot(`
      "## ↩️ Rolled back: the former state is back and verified

      **production** on \`docker.example.com\`, commit \`abcdef0\`, release \`1-aaaaaaa\`

      🔴 **web**: exited, exit code 3

      <details><summary>Last lines of web</summary>

      \`\`\`text
      no database
      \`\`\`

      </details>

      | Service | Action | Seen before going back | Image | Cause |
      | --- | --- | --- | --- | --- |
      | web | recreate | 🔴 exited, exit code 3 | web:2 | changed: image web:1 → web:2 |
      | db | probe | 🟢 health check passes |  |  |

      "
    `);
  });

  it('shortens the ids of images, which are too long for a table', () => {
    const [before, after] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`] as const;
    const web = change({ cause: `changed: image ${before} → ${after}`, imageBefore: before, imageAfter: after });
    expect(summaryOf({ plan: plan({ changes: [web] }) })).toContain(
      '| sha256:bbbbbbbbbbbb | changed: image sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb |',
    );
  });

  it('of a plan has its sections, and no table of what nobody looked at', () => {
    const planned = summaryOf({ outcome: 'planned', plan: plan({ changes: [SAID.image, SAID.drift, SAID.blocked] }) });
    expect(planned.slice(0, planned.indexOf('<details><summary>Timings'))).toMatchInlineSnapshot(`
      "## 📋 Planned: the host is as it was

      **production** on \`docker.example.com\`, commit \`abcdef0\`, release \`1-aaaaaaa\` → \`2-abcdef0\`

      ### ⛔ Blocked

      Nothing is deployed until this is mended:

      - **volume shop\\_data (shop)**: its driver or its options changed
        - **To do:** undo that part of the change, or give the volume another \`name\`

      **shop**

      - ♻️ **web** recreated: image \`nginx:1.27\` → \`nginx:1.28\`

      ⏳ Interrupted while containers are replaced: **web**.

      #### Already different from git, and put right by this deployment

      **shop**

      - 🔄 **worker** restarted: its container is exited

      <details><summary>Images and other details</summary>

      - **web**
        - image \`nginx:1.27\` (\`sha256:aaaaaaaaaaaa\`) → \`nginx:1.28\` (\`sha256:bbbbbbbbbbbb\`)

      </details>

      "
    `);
  });

  it('of a refusal tells what would have been done', () => {
    const error = new RefusedError('not-adopted', { attempted: 'a', seen: 'b', remedy: 'c' });
    const refused = summaryOf({ outcome: 'refused', error, plan: plan({ changes: [SAID.image] }) });
    expect(refused).toContain('- ♻️ **web** recreated: image `nginx:1.27` → `nginx:1.28`');
  });

  it.each<Outcome>([
    'deployed',
    'unchanged',
    'planned',
    'superseded',
    'refused',
    'failed-before-change',
    'rolled-back',
    'rollback-failed',
    'frozen',
    'unknown',
  ])('begins with the outcome %s', (outcome) => {
    expect(summaryOf({ outcome })).toMatch(`## ${outcomeLine(outcome)}\n`);
  });

  it('shows the error, the logs of what failed and the words of the host as they are', () => {
    const summary = summaryOf({
      outcome: 'rolled-back',
      error: new GitopsError('step-failed', { attempted: 'apply', seen: 'no <space>', remedy: 'make some' }),
      verdict: { verdict: 'unhealthy', evidence: [{ subject: 'web', verdict: 'unhealthy', seen: 'x', log: 'a | b' }] },
      log: '── up',
    });
    expect(summary).toContain('```text\nCould not apply: no <space>\n  → make some\n```');
    expect(summary).toContain('<summary>Last lines of web</summary>\n\n```text\na | b\n```');
    expect(summary).toContain('<summary>What the host said</summary>\n\n```text\n── up\n```');
  });

  it.each(HOSTILE_TEXTS)('keeps its form with %j in every place', (text) => {
    const lines = unfenced(summaryOf(resultSaying(text)));
    const tags =
      lines
        .join('\n')
        .replaceAll('<br>', '')
        .match(/<[^>]*>/g) ?? [];
    const folded = ['<details>', '<summary>', '</summary>', '</details>'];
    expect(tags).toEqual([...folded, ...folded, ...folded]);
    expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('> '))).toHaveLength(1);
    expect(lines.filter((line) => /^(?:::|- |!\[|\s*$)/.test(line) && line !== '')).toEqual([]);
    expect(lines.filter((line) => line.startsWith('| '))).toHaveLength(4 + 3 + 3);
  });
});
