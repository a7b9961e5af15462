import { describe, expect, it } from 'vitest';
import { desired, volume } from '../../core/src/testing/desired-state.ts';
import { bindToContent } from './bind.ts';
import { finalFiles } from './hashes.ts';
import { describeDesired, type PinnedStack, pinImages } from './pin.ts';
import type { StagedStack } from './prepare.ts';
import { envOf, releaseFiles } from './release-files.ts';
import { parseRendered } from './rendered.ts';

const upload = [
  { path: 'blog/.env', executable: false, content: Buffer.from('TAG=2\n') },
  { path: 'blog/compose.yaml', executable: false, content: Buffer.from('services: of blog') },
  { path: 'blog/notes.md', executable: false, content: Buffer.from('notes') },
  { path: 'shop/compose.yaml', executable: false, content: Buffer.from('services: of shop') },
];

/** A stack in a folder of its name, whose services are called as said. */
function stack(
  name: string,
  services: readonly string[],
): { readonly staged: StagedStack; readonly pinned: PinnedStack } {
  const model = { services: Object.fromEntries(services.map((each) => [each, { image: `${name}-${each}:1` }])) };
  const envFile = name === 'blog' ? { envFile: 'blog/.env' } : {};
  const bound = bindToContent(parseRendered(JSON.stringify(model)), {
    ...{ tree: '/tree', environmentFolder: '/state', stack: name, upload: [] },
    ...{ folder: name, dataPaths: new Map() },
    owner: { name: 'infrastructure', environment: 'production' },
  });
  const composeFiles = [`${name}/compose.yaml`];
  const ids = new Map(services.map((each) => [`${name}/${each}`, `sha256:${name}-${each}`]));
  return {
    staged: { source: { name, folder: name, composeFiles, services, positionOf: () => undefined, ...envFile }, bound },
    pinned: {
      stack: name,
      bound,
      pinned: pinImages({ stack: name, model: bound.model }, ids),
      env: envOf(envFile.envFile, upload),
      ids,
      hashes: new Map(services.map((each) => [`${name}/${each}`, `hash of ${name}/${each}`])),
      declaredServices: [...services, 'debug'],
    },
  };
}

const shop = stack('shop', ['web', 'db']);
const blog = stack('blog', ['db']);

/** Paths with their content. */
function filesOf(...stacks: readonly (typeof shop)[]): ReadonlyMap<string, string> {
  const names = stacks.map(({ pinned }) => pinned.stack);
  const files = releaseFiles(
    stacks.map(({ staged }) => staged),
    stacks.map(({ pinned }) => pinned),
    desired({ stacks: names, volumes: [volume(), volume({ key: 'nas', name: 'nas', external: true })] }),
    upload,
  );
  return new Map(files.map((file) => [file.path, 'content' in file ? String(file.content) : '']));
}

describe('a release', () => {
  it('of one stack has its files at the top', () => {
    const files = filesOf(blog);
    expect([...files.keys()]).toEqual([
      ...['release/rendered.yml', 'release/env', 'release/projects', 'release/images', 'release/volumes'],
      'release/objects',
      ...['release/template/blog/compose.yaml', 'release/folders'],
    ]);
    expect(files.get('release/env')).toBe('TAG=2\n');
    expect(files.get('release/projects')).toBe('blog\n');
  });

  it('of several stacks has a folder for each, and names them in their order', () => {
    const files = filesOf(shop, blog);
    expect([...files.keys()]).toEqual([
      ...['release/stacks/shop/rendered.yml', 'release/stacks/shop/env'],
      ...['release/stacks/blog/rendered.yml', 'release/stacks/blog/env'],
      ...['release/projects', 'release/images', 'release/volumes', 'release/objects'],
      ...['release/template/blog/compose.yaml', 'release/template/shop/compose.yaml', 'release/folders'],
    ]);
    expect(files.get('release/projects')).toBe('shop\nblog\n');
    expect(files.get('release/volumes')).toBe('shop_data\n');
    expect(files.get('release/stacks/shop/env')).toBe('');
    expect(files.get('release/stacks/blog/env')).toBe('TAG=2\n');
    const image = (name: string) =>
      JSON.parse(files.get(`release/stacks/${name}/rendered.yml`) ?? '').services.db.image;
    expect([image('shop'), image('blog')]).toEqual(['sha256:shop-db', 'sha256:blog-db']);
  });

  it('activates no profiles a second time, not even all of them', () => {
    const env = Buffer.from('COMPOSE_PROFILES=*');
    const [, file] = finalFiles('', { ...blog.pinned, env });
    expect(file && 'content' in file && String(file.content)).toBe('COMPOSE_PROFILES=*\nCOMPOSE_PROFILES=\n');
  });

  it('holds what may be secret for its owner alone', () => {
    const modes = finalFiles('', blog.pinned).map((file) => 'mode' in file && file.mode);
    expect(modes).toEqual([0o600, 0o600]);
  });
});

describe('the desired state of several stacks', () => {
  const { services, stacks, inactiveServices } = describeDesired([shop.pinned, blog.pinned]);

  it('tells services of one name apart', () => {
    expect(stacks).toEqual(['shop', 'blog']);
    expect(services.map(({ stack: of, name, imageId, configHash }) => [of, name, imageId, configHash])).toEqual([
      ['shop', 'web', 'sha256:shop-web', 'hash of shop/web'],
      ['shop', 'db', 'sha256:shop-db', 'hash of shop/db'],
      ['blog', 'db', 'sha256:blog-db', 'hash of blog/db'],
    ]);
    expect(inactiveServices).toEqual([
      { stack: 'shop', name: 'debug' },
      { stack: 'blog', name: 'debug' },
    ]);
  });
});
