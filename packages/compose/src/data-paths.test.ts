import { describe, expect, it } from 'vitest';
import { desired, service } from '../../core/src/testing/desired-state.ts';
import { dataPathsOf } from './data-paths.ts';

const recorded = desired({
  stacks: ['blog', 'shop'],
  services: [
    service({ stack: 'blog', name: 'ghost' }),
    service({ stack: 'shop', name: 'web' }),
    service({ stack: 'shop', name: 'db' }),
  ],
  data: [
    { stack: 'blog', path: 'data', source: '/state/data/blog/data' },
    { stack: 'shop', path: 'data', source: '/srv/shop/data' },
  ],
});

function found(name: string, services: readonly string[], declared: readonly string[] = [name]) {
  return Object.fromEntries(dataPathsOf({ name, services }, declared, recorded));
}

describe('the data of a stack', () => {
  it('is its own while it keeps its name, whatever becomes of its services', () => {
    expect(found('shop', ['web', 'cache'])).toEqual({ data: '/srv/shop/data' });
  });

  it('is that of the stack which goes and had the same services', () => {
    expect(found('store', ['db', 'web'])).toEqual({ data: '/srv/shop/data' });
  });

  it('is not that of another application which goes', () => {
    expect(found('wiki', ['gitea'])).toEqual({});
  });

  it('is not that of a stack which stays', () => {
    expect(found('store', ['db', 'web'], ['store', 'shop'])).toEqual({});
  });
});
