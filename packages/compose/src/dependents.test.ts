import type { DesiredService, Live } from '@gitops/core';
import { describe, expect, it } from 'vitest';
import { desired, service } from '../../core/src/testing/desired-state.ts';
import { container, live, liveOf } from '../../core/src/testing/live-state.ts';
import { diff } from './diff.ts';

const OLD = '2.26.1';
const web = service();
const calm = service({ name: 'calm' });
const front = dependent('front', 'web');
const proxy = dependent('proxy', 'front');
const before = desired({ services: [proxy, front, web, calm] });
const newWeb = service({ image: 'example/web:2' });
const after = desired({ services: [proxy, front, newWeb, calm] });

function dependent(name: string, on: string, said: Partial<DesiredService> = {}): DesiredService {
  return service({ name, definition: { depends_on: { [on]: { condition: 'service_started' } } }, ...said });
}

/** `ACTION SERVICE` for all that something happens to. */
function actions(now = after, runs: Live = liveOf(before), version = OLD): readonly string[] {
  const changes = diff(now, before, runs, version).filter(({ action }) => action !== 'none');
  return changes.map(({ action, name }) => `${action} ${name}`).sort();
}

describe('what depends on a service that gets a new container', () => {
  it('gets one too with an older Compose, and so does what depends on that', () => {
    expect(actions()).toEqual(['recreate front', 'recreate proxy', 'recreate web']);
    const change = diff(after, before, liveOf(before), OLD).find(({ name }) => name === 'proxy');
    expect(change).toMatchObject({
      cause: 'depends on front, which is recreated (Compose 2.26.1 does that)',
      risk: 'interrupts',
    });
  });

  it('is left alone by Compose of today, and by one that is not known', () => {
    expect(actions(after, liveOf(before), '2.40.3')).toEqual(['recreate web']);
    expect(actions(after, liveOf(before), '')).toEqual(['recreate web']);
  });

  it('keeps its own cause if it changed itself', () => {
    const changed = { ...front, image: 'example/front:2', imageId: 'sha256:2' };
    const changes = diff(desired({ services: [proxy, changed, newWeb, calm] }), before, liveOf(before), OLD);
    expect(changes.find(({ name }) => name === 'front')?.cause).toBe('its image changed');
  });

  it.each<[what: string, runs: Live, expected: readonly string[]]>([
    [
      'is left alone when that one was only missing',
      live({ containers: [proxy, front, calm].map((each) => container(each)) }),
      ['create web'],
    ],
    [
      'is left alone when that one is only started again',
      live({
        containers: [...[proxy, front, calm].map((each) => container(each)), container(web, { state: 'exited' })],
      }),
      ['restart web'],
    ],
  ])('%s', (_, runs, expected) => {
    expect(actions(before, runs)).toEqual(expected);
  });

  it('is left alone when a file that one mounts was mended, as we recreate it alone', () => {
    const mounting = service({ objects: ['aa'] });
    const state = desired({ services: [front, mounting] });
    expect(actions(state, liveOf(state, { damagedObjects: ['aa'] }))).toEqual(['recreate web']);
  });

  it('in another stack is another one', () => {
    const elsewhere = dependent('front', 'web', { stack: 'blog' });
    const both = (each: DesiredService) => desired({ stacks: ['shop', 'blog'], services: [elsewhere, each] });
    expect(actions(both(newWeb), liveOf(both(web)))).toEqual(['recreate web']);
  });
});

it('a service that depends on something else is changed by that only where it is hashed', () => {
  const moved = dependent('front', 'calm');
  const now = desired({ services: [moved, web, calm] });
  const cause = (version: string) =>
    diff(now, before, liveOf(before), version).find(({ name }) => name === 'front')?.cause;
  expect(cause(OLD)).toBe('changed: depends_on');
  expect(cause('2.40.3')).toBe('Compose was upgraded on the host');
});
