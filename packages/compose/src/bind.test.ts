import type { UploadedFile } from '@gitops/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BindContext, type Bound, bindToContent } from './bind.ts';
import { fileDigest, folderDigest } from './object-digest.ts';
import { parseRendered, type Rendered } from './rendered.ts';

const TREE = '/state/staging/7/tree';
const HOME = '/state';

function uploaded(path: string, content = path, executable = false): UploadedFile {
  return { path, executable, content: Buffer.from(content) };
}

function context(upload: readonly UploadedFile[], said: Partial<BindContext> = {}): BindContext {
  return {
    tree: TREE,
    environmentFolder: HOME,
    stack: 'shop',
    folder: '',
    dataPaths: new Map(),
    owner: { name: 'infrastructure', environment: 'production' },
    upload,
    ...said,
  };
}

/** Binds a project of one service `web` as Compose renders it. */
function bind(service: object, upload: readonly UploadedFile[], more: object = {}, said: Partial<BindContext> = {}) {
  const rendered = parseRendered(JSON.stringify({ services: { web: { image: 'nginx', ...service } }, ...more }));
  const bound = bindToContent(rendered, context(upload, said));
  return { ...bound, web: bound.model.services['web'] };
}

function mount(source: string, readOnly: boolean): object {
  return { type: 'bind', source, target: '/x', ...(readOnly && { read_only: true }) };
}

function inputsOf({ web }: { readonly web: Rendered['services'][string] | undefined }): string | undefined {
  return web?.labels?.['gitops.inputs'];
}

it('writes a path of the host for Compose, which takes `$` for a variable', () => {
  const dataPaths = new Map([['uploads', '/srv/$HOME/uploads']]);
  const bound = bind({ volumes: [mount(`${TREE}/uploads`, false)] }, [], {}, { dataPaths });
  expect(bound.web?.volumes?.[0]?.source).toBe('/srv/$$HOME/uploads');
  expect(bound.dataPaths).toEqual([{ stack: 'shop', path: 'uploads', source: '/srv/$HOME/uploads' }]);
});

describe('a path with a dollar, which Compose renders as two', () => {
  const upload = [uploaded('a$b.conf'), uploaded('d$x/seed.sql')];

  it('is found in git for a read-only mount', () => {
    const { objects } = bind({ volumes: [mount(`${TREE}/a$$b.conf`, true)] }, upload);
    expect(objects).toEqual([{ digest: fileDigest(uploaded('a$b.conf')), kind: 'file', source: 'a$b.conf' }]);
  });

  it('brings its tracked files to a writable mount', () => {
    const { web, data, dataFolders, dataPaths } = bind({ volumes: [mount(`${TREE}/d$$x`, false)] }, upload);
    expect(web?.volumes?.[0]?.source).toBe('/state/data/shop/d$$x');
    expect(data.map(({ path }) => path)).toEqual(['shop/d$x/seed.sql']);
    expect(dataFolders).toEqual(['shop/d$x']);
    expect(dataPaths).toEqual([{ stack: 'shop', path: 'd$x', source: '/state/data/shop/d$x' }]);
  });

  it('is found in git for a secret', () => {
    const { objects } = bind({}, upload, { secrets: { one: { file: `${TREE}/a$$b.conf` } } });
    expect(objects.map(({ source }) => source)).toEqual(['a$b.conf']);
  });

  it('of the host is listed as it is called there, and left to Compose as it was', () => {
    const { web, hostPaths } = bind({ volumes: [mount('/mnt/$$media', true)] }, []);
    expect(hostPaths).toEqual(['/mnt/$media']);
    expect(web?.volumes?.[0]?.source).toBe('/mnt/$$media');
  });

  it('is named without them where git does not have it', () => {
    expect(() => bind({ volumes: [mount(`${TREE}/no$$ne`, true)] }, upload)).toThrow(/the mount of no\$ne: git has/);
  });
});

describe('a read-only mount', () => {
  const conf = uploaded('nginx.conf', 'server {}');

  it('of a file gets the path of its content', () => {
    const { web, objects, objectsOf } = bind({ volumes: [mount(`${TREE}/nginx.conf`, true)] }, [conf]);
    expect(web?.volumes?.[0]).toMatchObject({ source: `/state/objects/${fileDigest(conf)}`, read_only: true });
    expect(objects).toEqual([{ digest: fileDigest(conf), kind: 'file', source: 'nginx.conf' }]);
    expect(objectsOf.get('web')).toEqual([fileDigest(conf)]);
  });

  it('of an executable gets another path than the same content that is not', () => {
    const script = uploaded('nginx.conf', 'server {}', true);
    const { web } = bind({ volumes: [mount(`${TREE}/nginx.conf`, true)] }, [script]);
    expect(web?.volumes?.[0]?.source).toBe(`/state/objects/${fileDigest(conf)}x`);
  });

  it('of a folder gets the path of all its files, by their paths within it', () => {
    const upload = [uploaded('conf.d/a.conf'), uploaded('conf.d/sub/b.conf'), uploaded('conf.d.bak/c.conf')];
    const { objects, objectsOf } = bind({ volumes: [mount(`${TREE}/conf.d`, true)] }, upload);
    const digest = folderDigest([uploaded('a.conf', 'conf.d/a.conf'), uploaded('sub/b.conf', 'conf.d/sub/b.conf')]);
    expect(objects).toEqual([{ digest, kind: 'folder', source: 'conf.d' }]);
    expect(objectsOf.get('web')).toEqual([digest]);
  });

  it('of the whole repository is possible', () => {
    const { objects } = bind({ volumes: [mount(TREE, true)] }, [conf]);
    expect(objects).toEqual([{ digest: folderDigest([conf]), kind: 'folder', source: '' }]);
  });

  it('needs no label, as its path tells that the content changed', () => {
    expect(inputsOf(bind({ volumes: [mount(`${TREE}/nginx.conf`, true)] }, [conf]))).toBeUndefined();
  });

  it('of what git does not have is refused by name', () => {
    expect(() => bind({ volumes: [mount(`${TREE}/gone`, true)] }, [conf])).toThrow(
      'Could not prepare the mount of gone: git has no such file or folder',
    );
  });
});

describe('a writable mount', () => {
  it('of a folder gets a stable path, and its tracked files go there', () => {
    const upload = [uploaded('data/seed.sql'), uploaded('data/init/run.sh', 'x', true), uploaded('other')];
    const { web, data, dataFolders, objects } = bind({ volumes: [mount(`${TREE}/data`, false)] }, upload);
    expect(web?.volumes?.[0]?.source).toBe('/state/data/shop/data');
    expect(dataFolders).toEqual(['shop/data']);
    expect(data.map(({ path, executable }) => [path, executable])).toEqual([
      ['shop/data/seed.sql', false],
      ['shop/data/init/run.sh', true],
    ]);
    expect(objects).toEqual([]);
  });

  it('of a file goes to the same place, and makes no folder of its name', () => {
    const upload = [uploaded('conf/app.ini', 'a=1')];
    const { web, data, dataFolders } = bind({ volumes: [mount(`${TREE}/conf/app.ini`, false)] }, upload);
    expect(web?.volumes?.[0]?.source).toBe('/state/data/shop/conf/app.ini');
    expect(data.map(({ path }) => path)).toEqual(['shop/conf/app.ini']);
    expect(dataFolders).toEqual([]);
  });

  it('of a folder that git does not have is made', () => {
    const { web, dataFolders, data } = bind({ volumes: [mount(`${TREE}/cache`, false)] }, []);
    expect(web?.volumes?.[0]?.source).toBe('/state/data/shop/cache');
    expect(dataFolders).toEqual(['shop/cache']);
    expect(data).toEqual([]);
    expect(inputsOf(bind({ volumes: [mount(`${TREE}/cache`, false)] }, []))).toBeUndefined();
  });

  it.each(['data', 'data/seed.sql'])('of %s tells by a label that its tracked files changed', (path) => {
    const of = (content: string) =>
      inputsOf(bind({ volumes: [mount(`${TREE}/${path}`, false)] }, [uploaded('data/seed.sql', content)]));
    expect(of('a')).toMatch(/^[0-9a-f]{64}$/);
    expect(of('a')).toBe(of('a'));
    expect(of('a')).not.toBe(of('b'));
  });
});

describe('a path of the host', () => {
  it('is mounted as it is and listed, sorted and once', () => {
    const paths = ['/var/run/docker.sock', '/mnt/media', '/mnt/media'];
    const { web, hostPaths, objects } = bind({ volumes: paths.map((path) => mount(path, path !== '/mnt/media')) }, []);
    expect(web?.volumes?.map(({ source }) => source)).toEqual(paths);
    expect(hostPaths).toEqual(['/mnt/media', '/var/run/docker.sock']);
    expect(objects).toEqual([]);
  });

  it.each(['/state', '/state/current', '/state/staging/7/other'])('that is %s, our own state, is refused', (path) => {
    expect(() => bind({ volumes: [mount(path, true)] }, [])).toThrow(/leads into the state of gitops/);
  });

  it('that only begins like the tree or the state is the host’s own', () => {
    expect(bind({ volumes: [mount(`${HOME}2/x`, true)] }, []).hostPaths).toEqual(['/state2/x']);
  });

  it('does not concern named volumes and memory', () => {
    const volumes = [
      { type: 'volume', source: 'data', target: '/data' },
      { type: 'tmpfs', target: '/tmp' },
    ];
    expect(bind({ volumes }, []).web?.volumes).toEqual(volumes);
  });
});

describe.each(['configs', 'secrets'])('%s', (section) => {
  const grant = { [section]: [{ source: 'one', target: '/run/one' }] };
  const given = (file: object) => ({ [section]: { one: { name: 'shop_one', ...file } } });

  it('of a file get the path of its content, and a label, as Compose would keep the old one', () => {
    const of = (content: string) => {
      const upload = [uploaded('one.txt', content)];
      return bind(grant, upload, given({ file: `${TREE}/one.txt` }));
    };
    const name = fileDigest(uploaded('one.txt', 'a'));
    expect(JSON.stringify(of('a').model)).toContain(`"file":"/state/objects/${name}"`);
    expect(of('a').objectsOf.get('web')).toEqual([name]);
    expect(inputsOf(of('a'))).not.toBe(inputsOf(of('b')));
    expect(inputsOf(of('a'))).not.toContain(name);
  });

  it('of a text tell by a label that it changed', () => {
    const of = (content: string) => inputsOf(bind(grant, [], given({ content })));
    expect(of('a')).toBe(of('a'));
    expect(of('a')).not.toBe(of('b'));
  });

  it('of a variable tell by a label that the `.env` changed', () => {
    const of = (content: string) => {
      const upload = [uploaded('stack/.env', content)];
      return inputsOf(bind(grant, upload, given({ environment: 'ONE' }), { envFile: 'stack/.env' }));
    };
    expect(of('ONE=a')).toBe(of('ONE=a'));
    expect(of('ONE=a')).not.toBe(of('ONE=b'));
    expect(inputsOf(bind(grant, [], given({ environment: 'ONE' })))).toBeDefined();
  });

  it('that are external belong to the host', () => {
    const { model, objects } = bind(grant, [], given({ external: true }));
    expect(JSON.stringify(model)).toContain('"external":true');
    expect(objects).toEqual([]);
  });

  it('that no service uses are moved all the same', () => {
    const { objects, objectsOf, web } = bind({}, [uploaded('one.txt')], given({ file: `${TREE}/one.txt` }));
    expect(objects).toHaveLength(1);
    expect(objectsOf.get('web')).toEqual([]);
    expect(inputsOf({ web })).toBeUndefined();
  });

  it('of a file that git does not have are refused by name', () => {
    expect(() => bind(grant, [], given({ file: `${TREE}/gone` }))).toThrow(/the mount of gone: git has no such/);
    expect(() => bind(grant, [], given({ file: '/etc/passwd' }))).toThrow(/the mount of \/etc\/passwd/);
  });
});

describe('labels', () => {
  it('say whose the container is, and keep what the file says', () => {
    expect(bind({ labels: { 'traefik.enable': 'true', 'gitops.name': 'spoofed' } }, []).web?.labels).toEqual({
      'traefik.enable': 'true',
      'gitops.name': 'infrastructure',
      'gitops.environment': 'production',
    });
  });

  it('hold no content, path of the upload or number of the run', () => {
    const of = (said: Partial<BindContext>) =>
      bind({ volumes: [mount(`${said.tree}/a`, true)] }, [uploaded('a')], {}, said).web;
    expect(of({ tree: '/state/staging/8/tree' })).toEqual(of({ tree: '/state/staging/9/tree' }));
  });
});

describe('a path of the upload that was not moved', () => {
  const mountIt = 'mount the file as a volume, config or secret';
  const device = 'mount `./web.env` itself below `volumes:` of the service, or name an absolute path of the host';

  it.each<[where: string, remedy: string, service: object, more: object]>([
    ['services.web', mountIt, { env_file: [{ path: `${TREE}/web.env` }] }, {}],
    ['services.web', mountIt, { command: ['--config', `${TREE}/web.env`] }, {}],
    ['volumes.data', device, {}, { volumes: { data: { name: 'd', driver_opts: { device: `${TREE}/web.env` } } } }],
    ['networks.front', mountIt, {}, { networks: { front: { name: 'f', driver_opts: { x: `${TREE}/web.env` } } } }],
  ])('is refused in %s, as it would vanish', (where, remedy, service, more) => {
    expect(() => bind(service, [uploaded('web.env')], more)).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(
          `Could not prepare ${where}: it names ./web.env of the repository in a way that is not supported`,
        ),
        remedy,
      }),
    );
  });

  it('does not matter in what only concerns building and developing', () => {
    const { web } = bind({ build: { context: TREE }, develop: { watch: [{ path: `${TREE}/src` }] } }, []);
    expect(web).not.toHaveProperty('build');
    expect(web).not.toHaveProperty('develop');
  });
});

it('whatever is mounted, nothing of the bound project depends on where it was staged', () => {
  const path = fc.constantFrom('a', 'a/b', 'c.conf', 'new', 'sub dir/ü');
  const volumes = fc.array(fc.tuple(path, fc.boolean()));
  const upload = [
    uploaded('a/b'),
    uploaded('a/c', 'x', true),
    uploaded('c.conf'),
    uploaded('new/x'),
    uploaded('sub dir/ü'),
  ];
  const boundIn = (tree: string, mounts: readonly (readonly [string, boolean])[]): Bound =>
    bind({ volumes: mounts.map(([each, readOnly]) => mount(`${tree}/${each}`, readOnly)) }, upload, {}, { tree });
  fc.assert(
    fc.property(volumes, (mounts) => {
      expect(boundIn('/state/staging/1/tree', mounts)).toEqual(boundIn('/tmp/tmp.x/tree', mounts));
    }),
  );
});
