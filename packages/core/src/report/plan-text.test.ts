import { describe, expect, it } from 'vitest';
import type { Change } from '../model.ts';
import { change, plan } from '../testing/changes.ts';
import { HOSTILE_TEXTS } from '../testing/hostile-text.ts';
import { SAID } from '../testing/plan-report.ts';
import { describePlan } from './plan-text.ts';

describe('a plan in a terminal', () => {
  it('tells what is blocked, each change of a stack, what was different already, and the hash', () => {
    const mounts = [
      { source: '/mnt/media', target: '/media', readOnly: true, isNew: true },
      { source: '/var/run/docker.sock', target: '/var/run/docker.sock', readOnly: false, isNew: false },
    ];
    const changes = [
      SAID.network,
      SAID.blocked,
      SAID.kept,
      SAID.image,
      SAID.variable,
      SAID.both,
      { ...SAID.created, isPulled: true, hostMounts: mounts },
      change({ name: 'old', action: 'delete', cause: 'no longer in the Compose file', origin: 'change' }),
      SAID.same,
      SAID.drift,
      SAID.stray,
    ];
    expect(
      describePlan(plan({ hash: 'feedbeef', changes, warnings: ['`version` is obsolete'] })),
    ).toMatchInlineSnapshot(`
      "Plan: 1 change blocked, 3 services recreated, 1 created, 1 deleted, 2 differences put right

      Blocked: nothing is deployed until this is mended
        ✗ shop, volume shop_data  its driver or its options changed
            → undo that part of the change, or give the volume another \`name\`

      Stack shop
        ± web                recreate  changed: image nginx:1.27 → nginx:1.28
            sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb
        ± api                recreate  changed: environment.DB_HOST, environment.DB_PASSWORD, content of stacks/shop/api.toml
        ± db                 recreate  changed: image postgres:15 → postgres:16
            was different already: its container is gone
            ! postgres 15 → 16: it does not start on the data of the older version; dump and restore it
        + cache              create    new service  (redis:7)
            an image that is still to be pulled
            mounts /mnt/media at /media, read-only (new)
        - old                delete    no longer in the Compose file
        + network shop_back  create    new network

      Already different from git, and put right by a deployment
      Stack shop
        ↻ worker             restart   its container is exited
        - debug              delete    started by hand: the Compose file does not name it

      Warnings
        ! \`version\` is obsolete

      Paths of the host that are mounted
        cache: /mnt/media at /media, read-only
        cache: /var/run/docker.sock

      Plan hash feedbeef"
    `);
  });

  it('tells several targets apart', () => {
    const on = (target: string, of: Change) => ({ ...of, target, subject: `${target}: ${of.name}` });
    expect(describePlan(plan({ changes: [on('a', SAID.drift), on('b', SAID.image)] }))).toMatchInlineSnapshot(`
      "Plan: 1 service recreated, 1 difference put right

      Stack b: shop
        ± web     recreate  changed: image nginx:1.27 → nginx:1.28
            sha256:aaaaaaaaaaaa → sha256:bbbbbbbbbbbb

      Already different from git, and put right by a deployment
      Stack a: shop
        ↻ worker  restart   its container is exited

      Plan hash 00000000000000000000000000000000"
    `);
  });

  it('that does nothing says so, and what it warns of', () => {
    expect(describePlan(plan({ changes: [change({ action: 'none' })] }))).toBe('Plan: nothing to change.');
    expect(describePlan(plan({ changes: [], warnings: ['old'] }))).toBe(
      'Plan: nothing to change.\n\nWarnings\n  ! old',
    );
  });

  it('gives each part to be painted as what it is', () => {
    const painted = describePlan(plan({ changes: [SAID.created, SAID.blocked] }), (tone, text) => `<${tone}:${text}>`);
    expect(painted).toContain('  <new:+ cache  create  >  new service  (redis:7)');
    expect(painted).toContain('  <gone:✗ shop, volume shop_data>  its driver or its options changed');
  });
});

it.each(HOSTILE_TEXTS)('a name, cause or image like %j begins no line of its own', (text) => {
  const hostile = change({
    name: text,
    stack: text,
    cause: text,
    imageBefore: text,
    imageAfter: `${text}2`,
    drift: text,
    warnings: [text],
    hostMounts: [{ source: text, target: text, readOnly: false, isNew: true }],
  });
  const said = describePlan(
    plan({ changes: [hostile, { ...hostile, risk: 'blocked', remedy: text }], warnings: [text] }),
  );
  const begins = said.split(/\r\n|\r|\n/).map((line) => line.slice(0, 4));
  const ours = ['Plan', 'Bloc', 'Stac', 'Warn', 'Path', '', '  ✗ ', '  ± ', '    ', '  ! '];
  expect(begins.filter((begin) => !ours.includes(begin) && !begin.startsWith('  '))).toEqual([]);
  expect(said.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(said.match(/^ {2}[±✗]/gm)).toHaveLength(2);
});

it('a network that is made again says which services it stops meanwhile', () => {
  expect(describePlan(plan({ changes: [SAID.changedNetwork] }))).toContain(
    '  ± network shop_front  recreate  its configuration changed\n      ! services on it are stopped for a moment: api, web\n',
  );
});
