import {
  type Change,
  type ChangeAction,
  type Desired,
  type DesiredService,
  keyOf,
  type Live,
  type LiveContainer,
} from '@gitops/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { desired, imageId, network, service, volume } from '../../core/src/testing/desired-state.ts';
import { container, live, liveOf } from '../../core/src/testing/live-state.ts';
import { diff } from './diff.ts';

const web = service();
const job = service({ name: 'migrate', role: 'job' });

/** The change of one service, of which everything else is as it should be. */
function changeOf(now: DesiredService, before: DesiredService | undefined, said: Partial<Live>): Change {
  const recorded = before && desired({ services: [before] });
  const found = diff(desired({ services: [now] }), recorded, live(said)).find(({ name }) => name === now.name);
  if (!found) throw new Error('every service of the desired state has a change');
  return found;
}

function drifted(of: DesiredService, said: Partial<LiveContainer>): Change {
  return changeOf(of, of, { containers: [container(of, said)] });
}

function withDefinition(definition: Record<string, unknown>): DesiredService {
  return service({ definition: { image: web.image, ...definition } });
}

describe('a service', () => {
  it('that is new is created', () => {
    expect(changeOf(web, undefined, {})).toEqual({
      address: 'compose:shop/web',
      stack: 'shop',
      subject: 'web',
      kind: 'service',
      name: 'web',
      action: 'create',
      cause: 'new service',
      fields: [],
      risk: 'none',
      imageAfter: 'example/web:1',
    });
  });

  it('whose container is gone is created again', () => {
    expect(changeOf(web, web, {})).toMatchObject({ action: 'create', cause: 'its container is gone' });
  });

  it('that is as recorded is left alone', () => {
    expect(drifted(web, {})).toMatchObject({ action: 'none', cause: 'as recorded', risk: 'none' });
  });

  it.each<[what: string, now: DesiredService, before: DesiredService | undefined, runs: DesiredService, cause: string]>(
    [
      [
        'names another image',
        service({ image: 'example/web:2' }),
        web,
        web,
        'changed: image example/web:1 → example/web:2',
      ],
      [
        'names an image that moved',
        service({ imageId: imageId('new') }),
        web,
        web,
        'changed: the image behind example/web:1',
      ],
      [
        'runs with another configuration before there is a record',
        web,
        undefined,
        service({ image: 'x' }),
        'it runs with another configuration',
      ],
      ['was changed on the host', web, web, service({ image: 'x' }), 'it was changed on the host'],
      [
        'is hashed by another Compose',
        service({ configHash: 'new' }),
        service({ configHash: 'old' }),
        service({ configHash: 'old' }),
        'Compose was upgraded on the host',
      ],
    ],
  )('that %s is recreated', (_, now, before, runs, cause) => {
    const change = changeOf(now, before, { containers: [container(runs)] });
    expect(change).toMatchObject({ action: 'recreate', risk: 'interrupts' });
    expect(change.cause).toBe(cause);
  });

  it('whose image moved along with something else says both', () => {
    const now = { ...withDefinition({ user: '1000' }), imageId: imageId('new') };
    expect(changeOf(now, web, { containers: [container(web)] }).cause).toBe(
      'changed: user none → 1000, the image behind example/web:1',
    );
  });

  it('whose image is gone from the host says so', () => {
    const now = { ...web, imageId: '', configHash: 'unpinned' };
    expect(changeOf(now, web, { containers: [container(web)] }).cause).toBe('its image is gone from the host');
  });

  it('whose container is gone says what the commit changes of it, too', () => {
    const now = withDefinition({ environment: { A: '1' } });
    expect(changeOf(now, web, {})).toMatchObject({ action: 'create', fields: [{ field: 'environment.A' }] });
  });

  it('whose image moved under the same configuration says so', () => {
    const moved = service({ imageId: imageId('new'), configHash: web.configHash });
    expect(changeOf(moved, web, { containers: [container(web)] }).cause).toBe(
      'changed: the image behind example/web:1',
    );
    expect(drifted(web, { imageId: imageId('by hand') }).cause).toBe('it runs another image');
  });

  it.each<[what: string, before: Record<string, unknown>, after: Record<string, unknown>, cause: string]>([
    ['a restart policy', { restart: 'no' }, { restart: 'always' }, 'changed: restart no → always'],
    ['a new command', {}, { command: ['serve'] }, 'changed: command'],
    ['a variable', { environment: { A: '1', B: '2' } }, { environment: { A: '1', B: '3' } }, 'changed: environment.B'],
    ['a variable more', { environment: { A: '1' } }, { environment: { A: '1', B: null } }, 'changed: environment.B'],
    ['a label less', { labels: { x: '1' } }, {}, 'changed: labels.x'],
    [
      'a file',
      { labels: { 'gitops.inputs': 'a' } },
      { labels: { 'gitops.inputs': 'b' } },
      'changed: content of a config, secret or mounted file',
    ],
    ['a mount', { volumes: [] }, { volumes: [{ type: 'volume' }] }, 'changed: mounts'],
    [
      'a limit',
      { deploy: { resources: { limits: { memory: '64m' } } } },
      { deploy: { resources: { limits: { memory: '32m' } } } },
      'changed: deploy',
    ],
    [
      'several fields',
      { restart: 'no' },
      { restart: 'always', user: '1000' },
      'changed: restart no → always, user none → 1000',
    ],
  ])('recreated for %s says which', (_, before, after, cause) => {
    const [was, now] = [withDefinition(before), withDefinition(after)];
    expect(changeOf(now, was, { containers: [container(was)] })).toMatchObject({ action: 'recreate', cause });
  });

  it('is not said to differ in what Compose does not look at', () => {
    const before = { depends_on: { db: {} }, deploy: { replicas: 2 }, profiles: ['a'], scale: 2 };
    const was = service({ definition: { image: web.image, ...before }, configHash: 'old' });
    const now = service({ definition: { image: web.image, 'x-gitops': { role: 'job' } }, configHash: 'new' });
    expect(changeOf(now, was, { containers: [container(was)] }).cause).toBe('Compose was upgraded on the host');
  });

  it.each<[what: string, of: DesiredService, said: Partial<LiveContainer>, action: ChangeAction, cause: string]>([
    ['stopped', web, { state: 'exited' }, 'restart', 'its container is exited'],
    ['paused', web, { state: 'paused' }, 'restart', 'its container is paused'],
    ['dead', web, { state: 'dead' }, 'restart', 'its container is dead'],
    ['created and never started', web, { state: 'created' }, 'restart', 'its container is created'],
    ['in a crash loop', web, { state: 'restarting', exitCode: 1 }, 'none', 'as recorded'],
    ['a job that is done', job, { state: 'exited', exitCode: 0 }, 'none', 'as recorded'],
    ['a job at work', job, { state: 'running' }, 'none', 'as recorded'],
    ['a job that failed', job, { state: 'exited', exitCode: 1 }, 'restart', 'its container is exited'],
    ['a job that was never started', job, { state: 'created' }, 'restart', 'its container is created'],
  ])('that is %s: %#', (_, of, said, action, cause) => {
    expect(drifted(of, said)).toMatchObject({ action, cause });
  });

  it.each<[replicas: number, running: number, action: ChangeAction]>([
    [3, 2, 'update'],
    [1, 2, 'update'],
    [0, 1, 'update'],
    [2, 2, 'none'],
    [0, 0, 'none'],
    [2, 0, 'create'],
  ])('of %i replicas that runs %i: %s', (replicas, running, action) => {
    const of = service({ replicas });
    const containers = Array.from({ length: running }, (_, index) => container(of, { id: `${index}` }));
    expect(changeOf(of, of, { containers }).action).toBe(action);
  });

  it('whose mounted file was changed on the host is recreated', () => {
    const of = service({ objects: ['aa', 'bb'] });
    const said = { containers: [container(of)], damagedObjects: ['bb'] };
    expect(changeOf(of, of, said)).toMatchObject({
      action: 'recreate',
      cause: 'a mounted file was changed on the host',
    });
    expect(changeOf(of, of, { ...said, damagedObjects: ['cc'] }).action).toBe('none');
  });

  it('is not judged by a container of `docker compose run`', () => {
    const containers = [container(web), container(web, { id: 'run', oneOff: true, configHash: 'x', state: 'exited' })];
    expect(changeOf(web, web, { containers }).action).toBe('none');
  });

  it('shows the image it had and the one it gets', () => {
    const now = service({ image: 'example/web:2' });
    expect(changeOf(now, web, { containers: [container(web)] })).toMatchObject({
      imageBefore: 'example/web:1',
      imageAfter: 'example/web:2',
    });
  });
});

describe('a container of the project that nothing desires', () => {
  const old = service({ name: 'old' });

  it('is removed, once for all containers of its service', () => {
    const containers = [container(web), container(old), container(old, { id: 'b' })];
    const was = desired({ services: [web, old] });
    expect(diff(desired(), was, live({ containers })).filter(({ action }) => action !== 'none')).toEqual([
      {
        address: 'compose:shop/old',
        stack: 'shop',
        subject: 'old',
        kind: 'service',
        name: 'old',
        action: 'delete',
        cause: 'no longer in the Compose file',
        fields: [],
        risk: 'interrupts',
      },
    ]);
  });

  it('is not said to have left the Compose file if it never was in it', () => {
    const containers = [container(web), container(old)];
    expect(diff(desired(), desired(), live({ containers })).at(-1)).toMatchObject({
      action: 'delete',
      cause: 'started by hand: the Compose file does not name it',
    });
  });

  it.each<[what: string, now: Desired, said: Partial<LiveContainer>]>([
    [
      'of a service of an inactive profile is known',
      desired({ inactiveServices: [{ stack: 'shop', name: 'old' }] }),
      {},
    ],
    ['of `docker compose run` is left alone', desired(), { oneOff: true }],
  ])('%s', (_, now, said) => {
    const containers = [container(web), container(old, said)];
    expect(diff(now, now, live({ containers })).some(({ name }) => name === 'old')).toBe(false);
  });
});

describe('several stacks', () => {
  const shopDb = service({ name: 'db' });
  const blogDb = service({ stack: 'blog', name: 'db' });
  const both = desired({ stacks: ['shop', 'blog'], services: [shopDb, blogDb] });

  it('have services of one name, told apart in what is said of them', () => {
    const now = { ...both, services: [shopDb, service({ stack: 'blog', name: 'db', image: 'example/db:2' })] };
    expect(diff(now, both, liveOf(both))).toEqual([
      expect.objectContaining({ address: 'compose:shop/db', stack: 'shop', subject: 'shop/db', action: 'none' }),
      expect.objectContaining({ address: 'compose:blog/db', stack: 'blog', subject: 'blog/db', action: 'recreate' }),
    ]);
  });

  it('are not judged by the containers of each other', () => {
    const changes = diff(both, both, live({ containers: [container(shopDb)] }));
    expect(changes.map(({ subject, action }) => `${subject} ${action}`)).toEqual(['shop/db none', 'blog/db create']);
  });

  it('of which one goes lose their services and networks, and never their volumes', () => {
    const was = {
      ...both,
      networks: [network({ stack: 'blog', name: 'blog_default' })],
      volumes: [volume({ stack: 'blog', name: 'blog_data' })],
    };
    const changes = diff(desired({ services: [shopDb] }), was, liveOf(was));
    const gone = 'its stack is no longer in environment.yml';
    expect(changes.map(({ address, subject, action, cause }) => [address, subject, action, cause])).toEqual([
      ['compose:blog/network/blog_default', 'blog_default', 'delete', gone],
      ['compose:blog/volume/blog_data', 'blog_data', 'none', 'kept: volumes are never deleted'],
      ['compose:shop/db', 'shop/db', 'none', 'as recorded'],
      ['compose:blog/db', 'blog/db', 'delete', gone],
    ]);
  });

  it('know the profile services of their own alone', () => {
    const now = { ...both, inactiveServices: [{ stack: 'shop', name: 'tool' }] };
    const tools = ['shop', 'blog'].map((stack) => container(service({ stack, name: 'tool' })));
    const runs = liveOf(both, { containers: [...liveOf(both).containers, ...tools] });
    expect(diff(now, now, runs).filter(({ name }) => name === 'tool')).toEqual([
      expect.objectContaining({ subject: 'blog/tool', action: 'delete' }),
    ]);
  });
});

const anyService = fc
  .record({
    stack: fc.constantFrom('shop', 'blog'),
    name: fc.stringMatching(/^[a-z][a-z0-9_-]{0,2}$/),
    role: fc.constantFrom('service' as const, 'job' as const, 'optional' as const),
    replicas: fc.integer({ min: 0, max: 3 }),
    hasHealthcheck: fc.boolean(),
    objects: fc.uniqueArray(fc.stringMatching(/^[0-9a-f]{4}$/)),
    environment: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
  })
  .map(({ environment, ...said }) => service({ ...said, definition: { image: 'example/any:1', environment } }));

const anyDesired = fc
  .record({
    services: fc.uniqueArray(anyService, { selector: keyOf, maxLength: 6 }),
    networks: fc.uniqueArray(
      fc.record({ key: fc.constantFrom('a', 'b', 'c'), external: fc.boolean() }).map((said) => network(said)),
      { selector: ({ key }) => key },
    ),
    volumes: fc.uniqueArray(
      fc
        .record({
          key: fc.constantFrom('a', 'b', 'c'),
          external: fc.boolean(),
          driverOptions: fc.dictionary(fc.string(), fc.string()),
        })
        .map((said) => volume(said)),
      { selector: ({ key }) => key },
    ),
  })
  .map((said) => desired({ stacks: ['shop', 'blog'], ...said }));

describe('the law of the plan', () => {
  it('what was just brought about needs no change', () => {
    fc.assert(
      fc.property(anyDesired, (state) => {
        expect(diff(state, state, liveOf(state)).filter(({ action }) => action !== 'none')).toEqual([]);
      }),
    );
  });

  it('what was brought about as it is recorded needs no change without the record either', () => {
    fc.assert(
      fc.property(anyDesired, (state) => {
        expect(diff(state, undefined, liveOf(state)).filter(({ action }) => action !== 'none')).toEqual([]);
      }),
    );
  });

  it('every resource has exactly one change, and an address of its own', () => {
    fc.assert(
      fc.property(anyDesired, anyDesired, (now, before) => {
        const addresses = diff(now, before, liveOf(before)).map(({ address }) => address);
        expect(new Set(addresses).size).toBe(addresses.length);
      }),
    );
  });
});

describe('a value that may be secret', () => {
  const planted = fc.stringMatching(/^[A-Za-z0-9]{16,24}$/).map((text) => `s3cr3t${text}`);
  /** Definitions with a secret in every place that may hold one. */
  const places: readonly ((secret: string) => Record<string, unknown>)[] = [
    (secret) => ({ environment: { DB: secret } }),
    (secret) => ({ labels: { auth: secret } }),
    (secret) => ({ command: ['serve', '--token', secret] }),
    (secret) => ({ entrypoint: [secret] }),
    (secret) => ({ healthcheck: { test: ['CMD', 'curl', `https://u:${secret}@localhost`] } }),
    (secret) => ({ extra_hosts: { db: secret } }),
    (secret) => ({ logging: { options: { 'splunk-token': secret } } }),
    (secret) => ({ sysctls: { x: secret }, volumes: [{ type: 'tmpfs', target: secret }] }),
    (secret) => ({ 'x-gitops': { role: secret }, build: { args: { K: secret } } }),
    (secret) => ({ deploy: { labels: { K: secret } }, working_dir: secret, hostname: secret }),
  ];

  it('of a service is in no field and no cause', () => {
    fc.assert(
      fc.property(planted, planted, fc.constantFrom(...places), fc.boolean(), (before, after, place, hadOne) => {
        const was = withDefinition(hadOne ? place(before) : {});
        const text = JSON.stringify(changeOf(withDefinition(place(after)), was, { containers: [container(was)] }));
        expect(text).not.toContain(before);
        expect(text).not.toContain(after);
      }),
    );
  });

  it('of a network or a volume is in no field and no cause', () => {
    fc.assert(
      fc.property(planted, planted, (before, after) => {
        fc.pre(before !== after);
        const state = (secret: string) =>
          desired({
            networks: [network({ definition: { driver_opts: { key: secret }, labels: { key: secret } } })],
            volumes: [volume({ driverOptions: { o: `password=${secret}` } })],
          });
        const changes = diff(state(after), state(before), liveOf(state(before)));
        expect(changes.filter(({ action }) => action === 'recreate')).toHaveLength(2);
        expect(JSON.stringify(changes)).not.toContain(before);
        expect(JSON.stringify(changes)).not.toContain(after);
      }),
    );
  });
});
