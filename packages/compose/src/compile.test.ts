import {
  type CompileInput,
  type Desired,
  type DesiredService,
  keyOf,
  type Live,
  type Step,
  type Transaction,
} from '@gitops/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desired, network, service, volume } from '../../core/src/testing/desired-state.ts';
import { container, live, liveOf } from '../../core/src/testing/live-state.ts';
import { compile } from './compile.ts';
import { diff } from './diff.ts';

const web = service();
const db = service({ name: 'db' });
const UP = 'up -d --no-build --pull never';

/** The transaction from what runs to what is desired, with release 1 before and release 2 after it. */
function transactionOf(
  now: Desired,
  previous: Desired | undefined,
  runs: Live,
  composeVersion = '2.40.3',
): Transaction {
  const input: CompileInput = {
    changes: diff(now, previous, runs, composeVersion),
    desired: now,
    previous,
    live: runs,
    release: '2-bbbbbbb',
    previousRelease: previous && '1-aaaaaaa',
    composeVersion,
  };
  return compile(input);
}

/** Steps as `name: words`. */
function lines(steps: readonly Step[]): string[] {
  return steps.map(({ name, argv }) => `${name}: ${argv.map((word) => (word === '' ? "''" : word)).join(' ')}`);
}

/** The overlay as Compose reads it. */
function overlayOf({ overlays }: Transaction, name: string): unknown {
  return JSON.parse(overlays[name] ?? 'null');
}

describe('a changed service', () => {
  const before = desired({ services: [web, db] });
  const after = desired({ services: [service({ image: 'example/web:2' }), db] });
  const transaction = transactionOf(after, before, liveOf(before));

  it('is brought up by Compose from the new release', () => {
    expect(lines(transaction.apply)).toEqual([
      'files: write_data 2-bbbbbbb 1-aaaaaaa',
      `up: activate shop 2-bbbbbbb apply-shop.yml ${UP}`,
    ]);
  });

  it('is brought back by activating the previous release as a whole', () => {
    expect(lines(transaction.revert)).toEqual([
      'files: write_data 1-aaaaaaa 2-bbbbbbb',
      `up: activate shop 1-aaaaaaa revert-shop.yml ${UP}`,
      expect.stringMatching(/^stops: await_stops 12 /),
      `again: activate_again shop 1-aaaaaaa revert-shop.yml ${UP}`,
    ]);
    expect(lines(transaction.unwedge)).toEqual(['remove-service-1: remove_service shop web']);
  });

  it('is expected as it was, with all others, after going back', () => {
    expect(transaction.expectAfterRevert).toEqual(
      [web, db].map(({ name, configHash, imageId }) => ({
        stack: 'shop',
        service: name,
        configHash,
        imageId,
        replicas: 1,
        role: 'service',
      })),
    );
  });
});

describe('a first deployment', () => {
  const first = desired({
    services: [web, db],
    networks: [network(), network({ key: 'lan', name: 'lan', external: true })],
    volumes: [volume()],
  });
  const transaction = transactionOf(first, undefined, live());

  it('is applied like any other', () => {
    expect(lines(transaction.apply)).toEqual([
      "files: write_data 2-bbbbbbb ''",
      `up: activate shop 2-bbbbbbb apply-shop.yml ${UP}`,
    ]);
  });

  it('goes back to nothing but the volumes and what belongs to others', () => {
    expect(lines(transaction.revert)).toEqual([
      'remove-service-1: remove_service shop web',
      'remove-service-2: remove_service shop db',
      'remove-network-1: remove_network shop_default',
      'files: write_data none 2-bbbbbbb',
    ]);
    expect(transaction.unwedge).toEqual([]);
    expect(transaction.expectAfterRevert).toEqual([]);
    expect(Object.keys(transaction.overlays)).toEqual(['apply-shop.yml']);
  });
});

describe('what is added and removed', () => {
  const before = desired({ services: [web, db], networks: [network({ key: 'old' }), network({ key: 'older' })] });
  const after = desired({
    services: [web, service({ name: 'cache' }), service({ name: 'queue' })],
    networks: [network({ key: 'new' })],
  });
  const transaction = transactionOf(after, before, liveOf(before));

  it('containers go first, as they may hold a port or a name, and networks that nothing uses any more last', () => {
    expect(lines(transaction.apply).slice(1)).toEqual([
      'remove-service-1: remove_service shop db',
      `up: activate shop 2-bbbbbbb apply-shop.yml ${UP}`,
      'remove-network-1: remove_network shop_old',
      'remove-network-2: remove_network shop_older',
    ]);
  });

  it('added services are removed on the way back before what was is up, and added networks after it', () => {
    expect(lines(transaction.revert).slice(1)).toEqual([
      'remove-service-1: remove_service shop cache',
      'remove-service-2: remove_service shop queue',
      `up: activate shop 1-aaaaaaa revert-shop.yml ${UP}`,
      expect.stringMatching(/^stops: await_stops 12 /),
      `again: activate_again shop 1-aaaaaaa revert-shop.yml ${UP}`,
      'remove-network-1: remove_network shop_new',
    ]);
  });

  it('a network that was lost by accident is not removed on the way back', () => {
    const state = desired({ networks: [network()] });
    const { revert } = transactionOf(state, state, liveOf(state, { networks: [] }));
    expect(revert.map(({ name }) => name)).toEqual(['files', 'up']);
  });

  it('a network to which containers of others are attached stays', () => {
    const networks = [{ stack: 'shop', name: 'shop_old', foreign: ['proxy'] }];
    const now = desired({ services: [service({ image: 'example/web:2' })] });
    const { apply } = transactionOf(now, desired(), liveOf(desired(), { networks }));
    expect(apply.map(({ name }) => name)).toEqual(['files', 'up']);
  });
});

describe('several stacks', () => {
  const blogDb = service({ stack: 'blog', name: 'db' });
  const before = desired({ stacks: ['shop', 'blog'], services: [web, db, blogDb] });
  const after = { ...before, services: [web, db, service({ stack: 'blog', name: 'db', image: 'example/db:2' })] };

  it('are brought up in their order, each from a folder of its own, and only those to which something happens', () => {
    const both = { ...after, services: [service({ image: 'example/web:2' }), ...after.services.slice(1)] };
    expect(lines(transactionOf(both, before, liveOf(before)).apply)).toEqual([
      'files: write_data 2-bbbbbbb 1-aaaaaaa',
      `up-shop: activate shop 2-bbbbbbb/stacks/shop apply-shop.yml ${UP}`,
      `up-blog: activate blog 2-bbbbbbb/stacks/blog apply-blog.yml ${UP}`,
    ]);
    expect(transactionOf(after, before, liveOf(before)).apply.map(({ name }) => name)).toEqual(['files', 'up-blog']);
  });

  it('go back as a whole, and wait only for the containers of the service that changed, not for its namesake', () => {
    const { revert, unwedge, expectAfterRevert } = transactionOf(after, before, liveOf(before));
    expect(lines(revert)).toEqual([
      'files: write_data 1-aaaaaaa 2-bbbbbbb',
      `up-shop: activate shop 1-aaaaaaa/stacks/shop revert-shop.yml ${UP}`,
      `up-blog: activate blog 1-aaaaaaa/stacks/blog revert-blog.yml ${UP}`,
      `stops-blog: await_stops 12 ${container(blogDb).id}`,
      `again-blog: activate_again blog 1-aaaaaaa/stacks/blog revert-blog.yml ${UP}`,
    ]);
    expect(lines(unwedge)).toEqual(['remove-service-1: remove_service blog db']);
    expect(expectAfterRevert.map(({ stack, service: name }) => `${stack}/${name}`)).toEqual([
      'shop/web',
      'shop/db',
      'blog/db',
    ]);
  });

  it('keep the finished jobs of each from running again, and no namesake of them', () => {
    const job = service({ name: 'migrate', role: 'job' });
    const blogJob = service({ stack: 'blog', name: 'migrate', role: 'job' });
    const was = desired({ stacks: ['shop', 'blog'], services: [job, blogJob] });
    const now = { ...was, services: [job, service({ ...blogJob, image: 'example/migrate:2', imageId: 'sha256:2' })] };
    const transaction = transactionOf(now, was, liveOf(was));
    const kept = { services: { migrate: { profiles: ['gitops-not-run-again'] } } };
    expect(Object.keys(transaction.overlays).sort()).toEqual([
      ...['apply-blog.yml', 'apply-shop.yml', 'revert-blog.yml', 'revert-shop.yml'],
    ]);
    expect(['apply-shop.yml', 'revert-shop.yml'].map((name) => overlayOf(transaction, name))).toEqual([kept, kept]);
    expect(['apply-blog.yml', 'revert-blog.yml'].map((name) => overlayOf(transaction, name))).toEqual([
      { services: {} },
      { services: {} },
    ]);
  });

  it('of which one is removed lose its services and networks before the others are up, and keep its volumes', () => {
    const was = {
      ...before,
      networks: [network(), network({ stack: 'blog', name: 'blog_default' })],
      volumes: [volume({ stack: 'blog', name: 'blog_data' })],
    };
    const now = desired({ services: [service({ image: 'example/web:2' }), db], networks: [network()] });
    const transaction = transactionOf(now, was, liveOf(was));
    expect(transaction.stacks).toEqual(['shop', 'blog']);
    expect(lines(transaction.apply).slice(1)).toEqual([
      'remove-service-1: remove_service blog db',
      'remove-network-of-old-stack-1: remove_network blog_default',
      `up: activate shop 2-bbbbbbb apply-shop.yml ${UP}`,
    ]);
    expect(lines(transaction.revert).filter((line) => line.startsWith('up'))).toEqual([
      `up-shop: activate shop 1-aaaaaaa/stacks/shop revert-shop.yml ${UP}`,
      `up-blog: activate blog 1-aaaaaaa/stacks/blog revert-blog.yml ${UP}`,
    ]);
  });

  it('of which one is new have nothing of it after going back, whatever ran under its names before', () => {
    const now = { ...after, networks: [network({ stack: 'blog', name: 'blog_default' })] };
    const was = desired({ services: [web, db] });
    const transaction = transactionOf(now, was, liveOf(was));
    expect(transaction.stacks).toEqual(['shop', 'blog']);
    expect(lines(transaction.revert).slice(1)).toEqual([
      'remove-service-1: remove_service blog db',
      'remove-network-of-new-stack-1: remove_network blog_default',
      `up: activate shop 1-aaaaaaa revert-shop.yml ${UP}`,
    ]);
    expect(transaction.expectAfterRevert.map(({ stack }) => stack)).toEqual(['shop', 'shop']);
    expect(transaction.toleratedAfterRevert).toEqual([]);
  });

  it('may be one under another name, whose network has the name it had', () => {
    const front = (stack: string) => network({ stack, key: 'front', name: 'front' });
    const was = desired({ networks: [front('shop')] });
    const now = desired({ stacks: ['store'], services: [service({ stack: 'store' })], networks: [front('store')] });
    const { apply, revert } = transactionOf(now, was, liveOf(was));
    expect(lines(apply).slice(1)).toEqual([
      'remove-service-1: remove_service shop web',
      'remove-network-of-old-stack-1: remove_network front',
      `up: activate store 2-bbbbbbb apply-store.yml ${UP}`,
    ]);
    expect(lines(revert).slice(1, 4)).toEqual([
      'remove-service-1: remove_service store web',
      'remove-network-of-new-stack-1: remove_network front',
      `up: activate shop 1-aaaaaaa revert-shop.yml ${UP}`,
    ]);
  });
});

describe('what Compose would not do by itself', () => {
  it('paused containers are woken first', () => {
    const runs = live({ containers: [container(web, { id: 'c1', state: 'paused' }), container(db, { id: 'c2' })] });
    const state = desired({ services: [web, db] });
    expect(lines(transactionOf(state, state, runs).apply)[0]).toBe('unpause: docker unpause c1');
  });

  it('a service whose mounted file was mended is recreated by force, alone', () => {
    const reader = service({ name: 'proxy', objects: ['aa'] });
    const state = desired({ services: [web, reader] });
    const { apply } = transactionOf(state, state, liveOf(state, { damagedObjects: ['aa'] }));
    expect(lines(apply).slice(2)).toEqual([
      `recreate: activate shop 2-bbbbbbb '' ${UP} --force-recreate --no-deps proxy`,
    ]);
  });

  it('a damaged file whose only reader is new forces nothing', () => {
    const reader = service({ name: 'proxy', objects: ['aa'] });
    const { apply } = transactionOf(desired({ services: [reader] }), desired(), live({ damagedObjects: ['aa'] }));
    expect(apply.map(({ name }) => name)).not.toContain('recreate');
  });
});

describe('a job', () => {
  const done = { migrate: { condition: 'service_completed_successfully', required: true } };
  const job = service({ name: 'migrate', role: 'job' });
  const reader = (said: Partial<DesiredService> = {}) =>
    service({ name: 'api', definition: { image: said.image ?? 'example/api:1', depends_on: done }, ...said });
  const before = desired({ services: [job, reader(), db] });
  const after = desired({ services: [job, reader({ image: 'example/api:2' }), db] });
  const notAgain = {
    services: {
      migrate: { profiles: ['gitops-not-run-again'] },
      api: { depends_on: { migrate: { condition: 'service_completed_successfully', required: false } } },
    },
  };

  it('that is done and did not change is not run again, neither on the way there nor back', () => {
    const transaction = transactionOf(after, before, liveOf(before));
    expect(overlayOf(transaction, 'apply-shop.yml')).toEqual(notAgain);
    expect(overlayOf(transaction, 'revert-shop.yml')).toEqual(notAgain);
  });

  it.each<[what: string, now: DesiredService, runs: Live]>([
    ['that changed', service({ name: 'migrate', role: 'job', image: 'example/migrate:2' }), liveOf(before)],
    ['that failed', job, live({ containers: [container(job, { exitCode: 1 }), container(reader()), container(db)] })],
    ['that is gone', job, live({ containers: [container(reader()), container(db)] })],
  ])('%s runs again', (_, now, runs) => {
    const transaction = transactionOf(desired({ services: [now, reader(), db] }), before, runs);
    expect(overlayOf(transaction, 'apply-shop.yml')).toEqual({ services: {} });
  });

  it('that is new runs, and there is nothing of it to keep back on the way back', () => {
    const transaction = transactionOf(before, desired({ services: [db] }), liveOf(desired({ services: [db] })));
    expect(overlayOf(transaction, 'apply-shop.yml')).toEqual({ services: {} });
    expect(overlayOf(transaction, 'revert-shop.yml')).toEqual({ services: {} });
  });

  const CREATE = 'create --no-build --pull never';

  it('that is done leaves the hash of what waits for it alone where that holds `depends_on`', () => {
    const transaction = transactionOf(after, before, liveOf(before), '2.26.1');
    expect(lines(transaction.apply).slice(1)).toEqual([
      `create: activate shop 2-bbbbbbb '' ${CREATE}`,
      `up: activate shop 2-bbbbbbb apply-shop.yml ${UP} --no-recreate`,
    ]);
    expect(lines(transaction.revert).slice(1)).toEqual([
      `create: activate shop 1-aaaaaaa '' ${CREATE}`,
      `up: activate shop 1-aaaaaaa revert-shop.yml ${UP} --no-recreate`,
      expect.stringMatching(/^stops: await_stops 12 /),
      `create-again: activate_again shop 1-aaaaaaa '' ${CREATE}`,
      `again: activate_again shop 1-aaaaaaa revert-shop.yml ${UP} --no-recreate`,
    ]);
    expect(overlayOf(transaction, 'apply-shop.yml')).toEqual(notAgain);
  });

  it('that nobody waits for is kept back by the overlay alone, also there', () => {
    const state = desired({ services: [job, web] });
    const transaction = transactionOf(
      desired({ services: [job, service({ image: 'example/web:2' })] }),
      state,
      liveOf(state),
      '2.26.1',
    );
    expect(lines(transaction.apply).slice(1)).toEqual([`up: activate shop 2-bbbbbbb apply-shop.yml ${UP}`]);
  });

  it('does not run again when a service is recreated for a mended file, also there', () => {
    const mounting = reader({ objects: ['aa'] });
    const state = desired({ services: [job, mounting] });
    const transaction = transactionOf(state, state, liveOf(state, { damagedObjects: ['aa'] }), '2.26.1');
    expect(lines(transaction.apply).slice(-2)).toEqual([
      `recreate: activate shop 2-bbbbbbb '' ${CREATE} --force-recreate api`,
      `start: activate shop 2-bbbbbbb apply-shop.yml ${UP} --no-recreate`,
    ]);
  });

  it('that is recreated along with what it depends on runs again', () => {
    const waits = { ...job, definition: { depends_on: { db: { condition: 'service_healthy' } } } };
    const state = desired({ services: [waits, reader(), db] });
    const now = desired({ services: [waits, reader(), service({ name: 'db', image: 'example/db:2' })] });
    const transaction = transactionOf(now, state, liveOf(state), '2.26.1');
    expect(overlayOf(transaction, 'apply-shop.yml')).toEqual({ services: {} });
    expect(overlayOf(transaction, 'revert-shop.yml')).toEqual({ services: {} });
  });

  it('that waits for another finished one is kept back as well', () => {
    const second = service({ name: 'seed', role: 'job', definition: { depends_on: done } });
    const state = desired({ services: [job, second] });
    expect(overlayOf(transactionOf(state, state, liveOf(state)), 'apply-shop.yml')).toEqual({
      services: {
        migrate: { profiles: ['gitops-not-run-again'] },
        seed: { profiles: ['gitops-not-run-again'], depends_on: notAgain.services.api.depends_on },
      },
    });
  });
});

describe('every transaction', () => {
  const anyService = fc
    .record({
      stack: fc.constantFrom('shop', 'blog', 'again-blog', 'a_b'),
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      role: fc.constantFrom('service' as const, 'job' as const, 'optional' as const),
      image: fc.constantFrom('x:1', 'x:2'),
      replicas: fc.integer({ min: 0, max: 2 }),
      objects: fc.subarray(['aa', 'bb']),
    })
    .map((said) => service(said));
  const anyDesired = fc
    .record({
      services: fc.uniqueArray(anyService, { selector: keyOf }),
      networks: fc.uniqueArray(
        fc.constantFrom('x', 'y', 'z').map((key) => network({ key })),
        { selector: ({ key }) => key },
      ),
    })
    .map((said) => desired({ stacks: [...new Set(['shop', ...said.services.map(({ stack }) => stack)])], ...said }));
  const anyLive = fc
    .tuple(
      anyDesired,
      fc.subarray(['aa', 'bb']),
      fc.constantFrom('running' as const, 'paused' as const, 'exited' as const),
    )
    .map(([state, damagedObjects, mood]) => {
      const runs = liveOf(state, { damagedObjects });
      return { ...runs, containers: runs.containers.map((each) => ({ ...each, state: mood })) };
    });
  const anyTransaction = fc
    .tuple(anyDesired, fc.option(anyDesired, { nil: undefined }), anyLive)
    .map(([now, previous, runs]) => transactionOf(now, previous, runs));

  it('has steps whose names are unique words of letters, digits and dashes', () => {
    fc.assert(
      fc.property(anyTransaction, ({ apply, revert, unwedge }) => {
        for (const steps of [apply, revert, unwedge]) {
          const names = steps.map(({ name }) => name);
          expect(new Set(names).size).toBe(names.length);
          for (const name of names) expect(name).toMatch(/^[a-z0-9_-]+$/);
        }
      }),
    );
  });

  it('never removes a volume, never says yes for somebody, and has a time limit for every step', () => {
    fc.assert(
      fc.property(anyTransaction, ({ apply, revert, unwedge }) => {
        for (const { argv, timeoutSeconds } of [...apply, ...revert, ...unwedge]) {
          expect(argv).not.toContain('-y');
          expect(argv).not.toContain('-v');
          expect(argv).not.toContain('--volumes');
          expect(timeoutSeconds).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('expects after a revert exactly what was recorded', () => {
    fc.assert(
      fc.property(anyDesired, anyDesired, anyLive, (now, previous, runs) => {
        const { expectAfterRevert } = transactionOf(now, previous, runs);
        expect(expectAfterRevert.map(({ stack, service: name }) => keyOf({ stack, name }))).toEqual(
          previous.services.map(keyOf),
        );
      }),
    );
  });
});
