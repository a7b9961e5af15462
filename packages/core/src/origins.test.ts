import { describe, expect, it } from 'vitest';
import { withOrigins } from './origins.ts';
import { change } from './testing/changes.ts';
import { deployment, FIRST, firstDeployment, nothingToDo, SECOND, upgrade } from './testing/deployment.ts';
import { release } from './testing/desired-state.ts';
import { live, liveOf } from './testing/live-state.ts';

const STOPPED = { action: 'restart', cause: 'its container is exited' } as const;

describe('a change', () => {
  it('that nothing on the host asks for comes from the commit', () => {
    expect(withOrigins([change()], [])).toEqual([change({ origin: 'change' })]);
    expect(withOrigins([change()], [change({ action: 'none' })])).toEqual([change({ origin: 'change' })]);
  });

  it('that would be made for what is recorded, too, is drift', () => {
    expect(withOrigins([change(STOPPED)], [change(STOPPED)])).toEqual([change({ ...STOPPED, origin: 'drift' })]);
  });

  it.each([
    ['says something else', { cause: 'changed: image' }],
    ['does something else', { action: 'delete' }],
    ['changes a field', { ...STOPPED, fields: [{ field: 'command' }] }],
    ['brings another image', { ...STOPPED, imageAfter: 'web:2' }],
    ['brings another image of the same tag', { ...STOPPED, digestAfter: 'sha256:b' }],
  ] as const)('of what was changed on the host, which %s than that would need, is both', (_, said) => {
    const drift = change({ ...STOPPED, imageAfter: 'web:1', digestAfter: 'sha256:a' });
    expect(withOrigins([{ ...drift, ...said }], [drift])).toEqual([
      { ...drift, ...said, origin: 'both', drift: 'its container is exited' },
    ]);
  });

  it('that does nothing has no origin', () => {
    expect(withOrigins([change({ action: 'none' })], [change(STOPPED)])).toEqual([change({ action: 'none' })]);
  });
});

/** The origins of what a run shows as its plan. */
async function originsOf(story: Parameters<typeof deployment>[0]) {
  const { shown } = await deployment(story, { mode: 'plan', adopt: true });
  return shown.flatMap(({ changes }) => changes.map(({ name, action, origin }) => `${name} ${action} ${origin}`));
}

describe('the plan of a run', () => {
  it('of a commit that changes something on an untouched host has no drift', async () => {
    expect(await originsOf(upgrade())).toEqual(['web recreate change']);
    expect(await originsOf(firstDeployment())).toEqual(['web create change']);
  });

  it('of a commit that changes nothing on a host that was changed has nothing else', async () => {
    expect(await originsOf(nothingToDo({ before: live() }))).toEqual(['web create drift']);
  });

  it('tells a host that was changed where the commit changes something, too', async () => {
    const containers = liveOf(FIRST).containers.map((each) => ({ ...each, configHash: 'by hand' }));
    const digestOf = (id: string) => id;
    const story = upgrade({ before: liveOf(FIRST, { containers }), prepared: { digestOf } });
    expect(await originsOf(story)).toEqual(['web recreate both']);
  });

  it('takes nothing for drift that was never deployed from here', async () => {
    const stranger = liveOf(FIRST).containers.map(({ owner: _, ...each }) => ({ ...each, configHash: 'by hand' }));
    const adoption = { release: release({ desired: FIRST }) };
    expect(await originsOf(firstDeployment({ before: live({ containers: stranger }), adoption }))).toEqual([
      'web recreate change',
    ]);
  });
});

it('a plan says that an image which is always pulled may have moved by then', async () => {
  const always = { ...SECOND, services: SECOND.services.map((each) => ({ ...each, pullPolicy: 'always' as const })) };
  const { shown } = await deployment(upgrade({ desired: always }), { mode: 'plan' });
  expect(shown[0]?.warnings).toEqual([
    'example/web:2 is pulled again on each deployment (`pull_policy: always`): if its tag has moved by then, the plan is another one',
  ]);
});
