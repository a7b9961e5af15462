import { describe, expect, it } from 'vitest';
import type { Change } from '../model.ts';
import { plan } from '../testing/changes.ts';
import { environmentOf, planReport, SAID } from '../testing/plan-report.ts';
import { planComment } from './plan-comment.ts';
import type { EnvironmentPlan } from './plan-report.ts';

/** The comment of one environment with these changes, without the lines about the commit. */
function commentOf(changes: readonly Change[], said: Partial<EnvironmentPlan> = {}): string {
  return planComment(planReport([environmentOf(changes, said)])).replace(/Commit .*\n\n/, '');
}

/** Its first line alone. */
function headOf(...environments: readonly EnvironmentPlan[]): string {
  return planComment(planReport(environments)).split('\n')[0] ?? '';
}

const UNREAD: EnvironmentPlan = {
  environment: 'development',
  outcome: 'unknown',
  host: 'dev.example.com',
  error: { code: 'ssh-connect', seen: 'connect ECONNREFUSED 192.0.2.7:22', remedy: 'see whether the host is up' },
};
const STAGING = environmentOf([], { environment: 'staging', outcome: 'unchanged' });

describe('the comment on a pull request', () => {
  it('of a first deployment', () => {
    const mounts = [{ source: '/mnt/media', target: '/media', readOnly: true, isNew: true }];
    const changes = [{ ...SAID.created, isPulled: true, hostMounts: mounts }, SAID.network];
    expect(commentOf(changes)).toMatchInlineSnapshot(`
      "## 📋 Plan: 1 service created in production

      ### 📋 production

      **shop**

      - ➕ **cache** created: new service, \`redis:7\`
        - 📂 mounts \`/mnt/media\` of the host at \`/media\`, read-only
      - ➕ **network shop\\_back** created: new network

      <details><summary>Images and other details</summary>

      - **cache**
        - image \`redis:7\`, still to be pulled

      </details>

      <details><summary>Paths of the host that are mounted</summary>

      - **cache**
        - \`/mnt/media\` at \`/media\`, read-only (new)

      </details>

      To deploy exactly this: \`plan-hash: feedbeeffeedbeeffeedbeeffeedbeef\`
      "
    `);
  });

  it('of one image that changed', () => {
    expect(commentOf([SAID.image, SAID.same])).toMatchInlineSnapshot(`
      "## 📋 Plan: 1 service recreated in production

      ### 📋 production

      **shop**

      - ♻️ **web** recreated: image \`nginx:1.27\` → \`nginx:1.28\`

      ⏳ Interrupted while containers are replaced: **web**.

      <details><summary>Images and other details</summary>

      - **web**
        - image \`nginx:1.27\` (\`sha256:aaaaaaaaaaaa\`) → \`nginx:1.28\` (\`sha256:bbbbbbbbbbbb\`)

      </details>

      To deploy exactly this: \`plan-hash: feedbeeffeedbeeffeedbeeffeedbeef\`
      "
    `);
  });

  it('of variables and a file that changed, without a value', () => {
    expect(commentOf([SAID.variable, SAID.kept])).toMatchInlineSnapshot(`
      "## 📋 Plan: 1 service recreated in production

      ### 📋 production

      **shop**

      - ♻️ **api** recreated: content of \`stacks/shop/api.toml\`, variables \`DB_HOST\`, \`DB_PASSWORD\`

      ⏳ Interrupted while containers are replaced: **api**.

      <details><summary>Kept on the host</summary>

      - volume **shop\\_old**: volumes are never deleted

      </details>

      To deploy exactly this: \`plan-hash: feedbeeffeedbeeffeedbeeffeedbeef\`
      "
    `);
  });

  it('of an image that moved under its tag', () => {
    const moved = { ...SAID.image, cause: 'changed: the image behind nginx:1.27', imageAfter: 'nginx:1.27' };
    expect(commentOf([{ ...moved, fields: [{ field: 'image' }] }])).toContain(
      '- ♻️ **web** recreated: another image behind `nginx:1.27` (`sha256:aaaaaaaaaaaa` → `sha256:bbbbbbbbbbbb`)',
    );
  });

  it('of a host that was changed by hand, for a commit that changes nothing', () => {
    expect(commentOf([SAID.drift, SAID.stray])).toMatchInlineSnapshot(`
      "## 📋 Plan: 2 differences put right in production

      ### 📋 production

      #### Already different from git, and put right by this deployment

      **shop**

      - 🔄 **worker** restarted: its container is exited
      - 🗑️ **debug** deleted: started by hand: the Compose file does not name it

      To deploy exactly this: \`plan-hash: feedbeeffeedbeeffeedbeeffeedbeef\`
      "
    `);
  });

  it('of a network that is made again, which interrupts the services on it', () => {
    const alone = commentOf([SAID.changedNetwork]);
    expect(alone).toContain('⏳ Interrupted while networks are made again: the services on **shop\\_front**.');
    expect(alone).toContain('  - ⚠️ services on it are stopped for a moment: api, web\n');
    expect(commentOf([SAID.image, SAID.changedNetwork])).toContain(
      '⏳ Interrupted while containers are replaced: **web**; while networks are made again: the services on **shop\\_front**.',
    );
  });

  it('of a service that was changed in git and on the host', () => {
    expect(commentOf([SAID.both, SAID.drift])).toMatchInlineSnapshot(`
      "## 📋 Plan: 1 service recreated, 1 difference put right in production

      ### 📋 production

      **shop**

      - ♻️ **db** recreated: image \`postgres:15\` → \`postgres:16\`
        - ⚠️ postgres 15 → 16: it does not start on the data of the older version; dump and restore it
        - 🔧 was different already: its container is gone

      ⏳ Interrupted while containers are replaced: **db**.

      #### Already different from git, and put right by this deployment

      **shop**

      - 🔄 **worker** restarted: its container is exited

      To deploy exactly this: \`plan-hash: feedbeeffeedbeeffeedbeeffeedbeef\`
      "
    `);
  });

  it('begins with what is blocked and what to do about it', () => {
    expect(commentOf([SAID.image, SAID.blocked])).toMatchInlineSnapshot(`
      "## ⛔ Plan: 1 change blocked, 1 service recreated in production

      ### ⛔ Blocked

      Nothing is deployed until this is mended:

      - **volume shop\\_data (production, shop)**: its driver or its options changed
        - **To do:** undo that part of the change, or give the volume another \`name\`

      ### ⛔ production

      **shop**

      - ♻️ **web** recreated: image \`nginx:1.27\` → \`nginx:1.28\`

      ⏳ Interrupted while containers are replaced: **web**.

      <details><summary>Images and other details</summary>

      - **web**
        - image \`nginx:1.27\` (\`sha256:aaaaaaaaaaaa\`) → \`nginx:1.28\` (\`sha256:bbbbbbbbbbbb\`)

      </details>
      "
    `);
  });

  it('tells several targets of an environment apart', () => {
    const on = (target: string, change: Change) => ({ ...change, target, subject: `${target}: ${change.name}` });
    const changes = [on('a', SAID.image), on('b', SAID.image), on('b', SAID.created), on('b', SAID.drift)];
    expect(commentOf(changes)).toMatchInlineSnapshot(`
      "## 📋 Plan: 2 services recreated, 1 created, 1 difference put right in production

      ### 📋 production

      **a: shop**

      - ♻️ **web** recreated: image \`nginx:1.27\` → \`nginx:1.28\`

      **b: shop**

      - ♻️ **web** recreated: image \`nginx:1.27\` → \`nginx:1.28\`
      - ➕ **cache** created: new service, \`redis:7\`

      ⏳ Interrupted while containers are replaced: **a: web**, **b: web**.

      #### Already different from git, and put right by this deployment

      **b: shop**

      - 🔄 **worker** restarted: its container is exited

      <details><summary>Images and other details</summary>

      - **a: web**
        - image \`nginx:1.27\` (\`sha256:aaaaaaaaaaaa\`) → \`nginx:1.28\` (\`sha256:bbbbbbbbbbbb\`)
      - **b: web**
        - image \`nginx:1.27\` (\`sha256:aaaaaaaaaaaa\`) → \`nginx:1.28\` (\`sha256:bbbbbbbbbbbb\`)

      </details>

      To deploy exactly this: \`plan-hash: feedbeeffeedbeeffeedbeeffeedbeef\`
      "
    `);
  });

  it('of an environment that could not be read says so, and what the files tell', () => {
    const againstBase = [
      { stack: 'shop', kind: 'service', name: 'web', change: 'changed', fields: SAID.image.fields },
      {
        stack: 'shop',
        kind: 'service',
        name: 'api',
        change: 'changed',
        fields: [{ field: 'files.stacks/shop/api.toml' }],
      },
      { stack: 'blog', kind: 'stack', name: 'blog', change: 'added', fields: [] },
    ] as const;
    const said = {
      base: '1234567'.repeat(5),
      findings: { errors: 1, warnings: 2 },
      summaryUrl: 'https://github.com/acme/infrastructure/actions/runs/1',
    };
    expect(planComment(planReport([STAGING, { ...UNREAD, againstBase }], said))).toMatchInlineSnapshot(`
      "## ❓ Plan: nothing in staging; development: unknown

      Commit \`abcdef0\` against \`1234567\`, compared with what runs now · 1 error, 2 warnings in the files · [all of it](https://github.com/acme/infrastructure/actions/runs/1)

      ### ✅ staging: nothing

      ### ❓ development: unknown

      \`dev.example.com\` could not be read, so nobody knows what a deployment would change there: connect ECONNREFUSED 192.0.2.7:22

      **To do:** see whether the host is up

      #### In the files, compared with 1234567

      **shop**

      - ✏️ service **web** changed: image \`nginx:1.27\` → \`nginx:1.28\`
      - ✏️ service **api** changed: content of \`stacks/shop/api.toml\`

      **blog**

      - ➕ stack **blog** added
      "
    `);
  });

  it('of a plan that would fail names what is in its way', () => {
    const error = { code: 'host-conflict', seen: 'the port 80/tcp is held by the container `old`', remedy: 'stop it' };
    expect(planComment(planReport([{ ...UNREAD, outcome: 'failed', error }]))).toMatchInlineSnapshot(`
      "## ⛔ Plan: would fail before any change in development

      Commit \`abcdef0\`, compared with what runs now

      ### ⛔ Blocked

      Nothing is deployed until this is mended:

      - **development**: the port 80/tcp is held by the container \`old\`
        - **To do:** stop it

      ### ⛔ development: would fail before any change
      "
    `);
  });
});

describe('the first line', () => {
  it('says what merging does in each environment', () => {
    const both = environmentOf([SAID.image, SAID.variable, SAID.created, SAID.blocked, SAID.network]);
    expect(headOf(both, STAGING)).toBe(
      '## ⛔ Plan: 1 change blocked, 2 services recreated, 1 created in production; staging: nothing',
    );
    expect(headOf(environmentOf([SAID.network]))).toBe('## 📋 Plan: 1 network created in production');
    expect(headOf(environmentOf([SAID.drift, SAID.stray]))).toBe('## 📋 Plan: 2 differences put right in production');
  });

  it('is green only where everything is known and nothing changes', () => {
    expect(headOf(STAGING)).toBe('## ✅ Plan: nothing in staging');
    expect(headOf(STAGING, UNREAD)).toBe('## ❓ Plan: nothing in staging; development: unknown');
    expect(headOf({ ...UNREAD, outcome: 'invalid' }, environmentOf([SAID.image]))).toBe(
      '## ⛔ Plan: invalid in development; production: 1 service recreated',
    );
    expect(headOf()).toBe('## ❓ Plan: there is no environment');
  });

  it('says of a project that is not ours that it is refused', () => {
    const error = { code: 'not-adopted', seen: 'it runs already', remedy: 'deploy with `adopt: true`' };
    expect(headOf(environmentOf([SAID.image], { outcome: 'refused', error }))).toBe(
      '## ⛔ Plan: refused: 1 service recreated in production',
    );
  });

  it('counts environments where there are many', () => {
    const many = ['a', 'b', 'c', 'd'].map((environment) => environmentOf([SAID.image], { environment }));
    expect(headOf(...many, STAGING, UNREAD)).toBe('## ❓ Plan: 4 services recreated in 4 of 6 environments; 1 unknown');
  });
});

it('the link to the summary is one, or it is left out', () => {
  const linked = (summaryUrl: string) => planComment(planReport([STAGING], { summaryUrl })).includes('[all of it]');
  expect(linked('https://github.com/a/b/actions/runs/1#summary-2')).toBe(true);
  expect(linked('javascript:alert(1)')).toBe(false);
  expect(linked('https://example.com/) [x](https://example.org')).toBe(false);
});

it('a plan without changes has no hash to deploy', () => {
  expect(
    planComment(planReport([environmentOf([], { outcome: 'unchanged', plan: plan({ changes: [] }) })])),
  ).not.toContain('plan-hash');
});
