import { describe, expect, it } from 'vitest';
import { desired, service } from '../../core/src/testing/desired-state.ts';
import { container, live } from '../../core/src/testing/live-state.ts';
import { strandedData } from './stranded-data.ts';

function writing(source: string, more: object = {}) {
  const mount = { type: 'bind', source, target: '/uploads', ...more };
  return service({ definition: { image: 'example/web:1', volumes: [mount] } });
}

/** What blocks a deployment whose service mounts `now` where `before` was mounted. */
function blockedBy(now: ReturnType<typeof service>, before: ReturnType<typeof service>, isOurs: boolean) {
  const { owner: _owner, ...byHand } = container(before);
  const containers = [isOurs ? container(before) : byHand];
  const found = strandedData(desired({ services: [now] }), desired({ services: [before] }), live({ containers }));
  return found.map(({ cause, risk, remedy }) => `${risk}: ${cause}; ${remedy}`);
}

describe('a folder that a service writes to', () => {
  it('stays with a project that is taken over, wherever its files lay', () => {
    expect(blockedBy(writing('/state/data/shop/uploads'), writing('/srv/uploads'), false)).toEqual([
      'blocked: web would find /uploads empty: its data stays in /srv/uploads; mount /srv/uploads itself',
    ]);
  });

  it.each([
    ['is the same', writing('/srv/uploads'), false],
    ['can not be written to any more', writing('/state/objects/a', { read_only: true }), false],
    ['is another one on purpose, in a project of ours', writing('/srv/other'), true],
  ])('that %s blocks nothing', (_, now, isOurs) => {
    expect(blockedBy(now, writing('/srv/uploads'), isOurs)).toEqual([]);
  });
});
