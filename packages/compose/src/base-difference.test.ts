import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { baseDifferences, type OfflineStack } from './base-difference.ts';
import { UNKNOWN_VALUE } from './load/interpolation.ts';

function stack(model: object, files?: Readonly<Record<string, string>>, name = 'shop'): OfflineStack {
  const upload =
    files && Object.entries(files).map(([path, text]) => ({ path, executable: false, content: Buffer.from(text) }));
  return { project: { name, model }, ...(upload && { upload }) };
}

/** Each difference in one line. */
function said(before: OfflineStack | undefined, after: OfflineStack | undefined): readonly string[] {
  return baseDifferences(before, after).map(({ kind, name, change, fields }) => {
    const told = fields.map(({ field, before: was, after: now }) =>
      was === undefined ? field : `${field} ${was} → ${now}`,
    );
    return [`${kind} ${name} ${change}`, ...told].join(', ');
  });
}

const web = { image: 'nginx:1.27', environment: { A: '1', TOKEN: 'old' }, deploy: { replicas: 1 } };

describe('what a commit changes of a stack, without a host,', () => {
  it('is nothing where the files say the same', () => {
    const model = { services: { web }, networks: { default: null }, volumes: { data: {} } };
    expect(said(stack(model), stack(structuredClone(model)))).toEqual([]);
  });

  it('is told by field, and by name alone where a value may be secret', () => {
    const after = {
      ...web,
      image: 'nginx:1.28',
      environment: { A: '1', TOKEN: 'new' },
      command: ['serve'],
      depends_on: { db: {} },
      scale: 3,
    };
    expect(said(stack({ services: { web } }), stack({ services: { web: after } }))).toEqual([
      'service web changed, command, depends_on, environment.TOKEN, image nginx:1.27 → nginx:1.28, replicas 1 → 3',
    ]);
  });

  it('may be a service more or less, a network, a volume, a config or a secret', () => {
    const before = {
      services: { web, old: {} },
      networks: { front: { internal: false } },
      secrets: { key: { file: 'a' } },
    };
    const after = {
      services: { web, new: { image: 'redis:7' } },
      networks: { front: { internal: true }, back: null },
      volumes: { data: {} },
      secrets: { key: { file: 'b' } },
    };
    expect(said(stack(before), stack(after))).toEqual([
      'service new added, image none → redis:7',
      'service old removed',
      'network back added',
      'network front changed, internal',
      'volume data added',
      'secret key changed, file',
    ]);
  });

  it('may be the stack as a whole, or its name', () => {
    const model = { services: { web } };
    expect(said(undefined, stack(model))).toEqual(['stack shop added', 'service web added, image none → nginx:1.27']);
    expect(said(stack(model), undefined)).toEqual(['stack shop removed', 'service web removed']);
    expect(said(stack(model), stack(model, undefined, 'store'))).toEqual(['stack store changed, name shop → store']);
  });

  it('does not show what is not known', () => {
    const image = (tag: string) => stack({ services: { web: { image: `nginx:${tag}` } } });
    expect(said(image('1'), image(UNKNOWN_VALUE))).toEqual(['service web changed, image nginx:1 → nginx:?']);
  });
});

describe('the files of a stack', () => {
  const model = {
    services: {
      web: {
        volumes: [
          { type: 'bind', source: 'shop/conf', target: '/conf' },
          { type: 'bind', source: '/etc/hosts', target: '/etc/hosts' },
          { type: 'volume', source: 'shop', target: '/data' },
        ],
        env_file: [{ path: 'shop/web.env' }],
      },
      db: { secrets: [{ source: 'password' }], configs: [{ source: 'tuning' }, { source: 'gone' }] },
      other: {},
    },
    secrets: { password: { file: 'shop/password.txt' } },
    configs: { tuning: { file: 'shop/tuning.conf' } },
  };
  const files = {
    'shop/conf/a.conf': 'a',
    'shop/config.txt': 'c',
    'shop/password.txt': 'secret',
    'shop/tuning.conf': 't',
    'shop/web.env': 'A=1',
    'README.md': 'r',
  };

  it('are told of the services that use them, by path', () => {
    const after = {
      ...files,
      'shop/conf/a.conf': 'b',
      'shop/conf/b.conf': 'new',
      'shop/password.txt': 'other',
      'shop/config.txt': 'x',
      'README.md': 'x',
    };
    expect(said(stack(model, files), stack(model, after))).toEqual([
      'stack shop changed, files.README.md, files.shop/config.txt',
      'service db changed, files.shop/password.txt',
      'service web changed, files.shop/conf/a.conf, files.shop/conf/b.conf',
    ]);
    expect(
      said(stack(model, files), stack(model, { ...files, 'shop/web.env': 'A=2', 'shop/tuning.conf': 'u' })),
    ).toEqual(['service db changed, files.shop/tuning.conf', 'service web changed, files.shop/web.env']);
  });

  it('are told of the stack where no service names them, as what is encrypted is', () => {
    const [was, now] = [{ 'shop/.env.encrypted': 'A=one' }, { 'shop/.env.encrypted': 'A=two' }];
    expect(said(stack(model, { ...files, ...was }), stack(model, { ...files, ...now }))).toEqual([
      'stack shop changed, files.shop/.env.encrypted',
    ]);
    expect(said(stack(model, files), stack(model, { ...files, ...now }, 'store'))).toEqual([
      'stack store changed, name shop → store, files.shop/.env.encrypted',
    ]);
  });

  it('are the Compose files only where these say the same of everything', () => {
    const [was, now] = [stack(model, { 'shop/compose.yaml': '# a' }), { 'shop/compose.yaml': '# b' }];
    expect(said(was, stack(model, now))).toEqual(['stack shop changed, files.shop/compose.yaml']);
    const more = { ...model, volumes: { data: {} } };
    expect(said(was, stack(more, now))).toEqual(['volume data added']);
  });

  it('are not told where they stand for what nobody could open', () => {
    const sketch = (names: string) => stack(model, { 'shop/.env': `${names}=${UNKNOWN_VALUE}` });
    expect(said(sketch('A'), sketch('B'))).toEqual([]);
  });

  it('are not told of the stack where they come or go with the service that uses them', () => {
    const without = { services: { other: {} } };
    const { 'README.md': readme } = files;
    expect(said(stack(model, files), stack(without, { 'README.md': readme, 'shop/config.txt': 'c' }))).toEqual([
      'service db removed',
      'service web removed',
      'config tuning removed',
      'secret password removed',
    ]);
  });

  it('are not compared where one side has none', () => {
    expect(said(stack(model, files), stack(model))).toEqual([]);
  });
});

it('no model is too strange, and none differs from itself', () => {
  const model = fc.dictionary(
    fc.constantFrom('services', 'networks', 'volumes', 'secrets', 'configs', '__proto__'),
    fc.oneof(fc.anything(), fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), fc.anything())),
  );
  fc.assert(
    fc.property(model, model, (one, other) => {
      expect(said(stack(one, {}), stack(one, {}))).toEqual([]);
      said(stack(one, {}), stack(other, {}));
    }),
  );
});
