import { describe, expect, it } from 'vitest';
import { desired, service, volume } from '../../core/src/testing/desired-state.ts';
import { movedDataWarnings } from './moved-data.ts';

const VOLUMES = [volume(), volume({ key: 'other' })];
const inVolume = (source: string, target = '/data') => ({ type: 'volume', source, target });
const inFolder = (source: string, more: object = {}) => ({ type: 'bind', source, target: '/data', ...more });

function warnings(before: readonly object[], after: readonly object[]): readonly string[] {
  const [was, now] = [before, after].map((volumes) => service({ definition: { image: 'example/web:1', volumes } }));
  const state = desired({ volumes: VOLUMES });
  return was && now ? movedDataWarnings(was, state, now, state) : [];
}

describe('a place where a service keeps data', () => {
  it.each([
    [
      'moves to another volume',
      inVolume('data'),
      inVolume('other'),
      '/data moves from shop_data to shop_other: what it has written stays in shop_data, and is not copied',
    ],
    [
      'moves to a folder of the host',
      inVolume('data'),
      inFolder('/mnt/data'),
      '/data moves from shop_data to /mnt/data: what it has written stays in shop_data, and is not copied',
    ],
    [
      'is mounted elsewhere',
      inVolume('data'),
      inVolume('data', '/var/data'),
      '/data is mounted writable no longer: what it has written stays in shop_data',
    ],
  ])('is warned of when it %s', (_, before, after, says) => {
    expect(warnings([before], [after])).toEqual([says]);
  });

  it.each([
    ['stays', [inVolume('data')], [inVolume('data')]],
    ['is new', [], [inVolume('data')]],
    ['holds no data', [inFolder('/var/run/docker.sock')], []],
    ['was never written to', [inFolder('/state/objects/a', { read_only: true })], []],
  ])('is not when it %s', (_, before, after) => {
    expect(warnings(before, after)).toEqual([]);
  });
});
