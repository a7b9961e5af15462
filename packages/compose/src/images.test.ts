import { describe, expect, it } from 'vitest';
import { desired, imageId, service } from '../../core/src/testing/desired-state.ts';
import { chooseImages, parseImages, registryDigest } from './images.ts';
import { parseRendered } from './rendered.ts';

const fact = (name: string) => ({ id: imageId(name), registryDigests: [] });
const facts = new Map([
  ['nginx:1', fact('moved')],
  [imageId('recorded'), fact('recorded')],
]);

it('images are read as the host prints them', () => {
  const id = imageId('nginx');
  const text = `"${id}" ["nginx@sha256:${'a'.repeat(64)}"] nginx:1\nnoise\n"${id}" null reg.example.com:5000/a b:2\n`;
  expect([...parseImages(text)]).toEqual([
    ['nginx:1', { id, registryDigests: [`nginx@sha256:${'a'.repeat(64)}`] }],
    ['reg.example.com:5000/a b:2', { id, registryDigests: [] }],
  ]);
});

it('the image of a service is not that of its namesake in another stack', () => {
  const model = parseRendered(JSON.stringify({ services: { db: { image: 'nginx:1' } } }));
  const built = parseRendered(JSON.stringify({ services: { db: { build: '.' } } }));
  const recorded = desired({
    stacks: ['shop', 'blog', 'wiki'],
    services: [service({ stack: 'blog', name: 'db', image: 'nginx:1', imageId: imageId('recorded') })],
  });
  const known = new Map([...facts, ['wiki-db', fact('built')]]);
  const projects = ['shop', 'blog'].map((stack) => ({ stack, model }));
  expect([...chooseImages([...projects, { stack: 'wiki', model: built }], known, recorded)]).toEqual([
    ['shop/db', imageId('moved')],
    ['blog/db', imageId('recorded')],
    ['wiki/db', imageId('built')],
  ]);
});

describe('the image of a service', () => {
  const recorded = desired({ services: [service({ name: 'web', image: 'nginx:1', imageId: imageId('recorded') })] });

  it.each<[what: string, said: object, known: typeof facts, before: typeof recorded | undefined, chosen: string]>([
    ['stays although its tag moved', {}, facts, recorded, imageId('recorded')],
    ['moves with its tag when it is always pulled', { pull_policy: 'always' }, facts, recorded, imageId('moved')],
    ['is that of its tag the first time', {}, facts, undefined, imageId('moved')],
    [
      'is that of its tag when the recorded one is gone',
      {},
      new Map([['nginx:1', fact('moved')]]),
      recorded,
      imageId('moved'),
    ],
    ['is not known before it is pulled', { image: 'nginx:2' }, facts, recorded, ''],
  ])('%s', (_, said, known, before, chosen) => {
    const model = parseRendered(JSON.stringify({ services: { web: { image: 'nginx:1', ...said } } }));
    expect(chooseImages([{ stack: 'shop', model }], known, before).get('shop/web')).toBe(chosen);
  });
});

describe('the digest of an image', () => {
  const known = (...registryDigests: string[]) => new Map([['any', { id: imageId('web'), registryDigests }]]);

  it.each<[what: string, reference: string, digests: readonly string[], found: string | undefined]>([
    [
      'is that of its registry',
      'reg.example.com:5000/web:1',
      ['web@sha256:a', 'reg.example.com:5000/web@sha256:b'],
      'b',
    ],
    ['of Docker Hub has several names', 'docker.io/library/web:1', ['x@sha256:a', 'web@sha256:b'], 'b'],
    ['is that of another registry if its own does not know it', 'sha256:abc', ['x@sha256:a'], 'a'],
    ['is unknown if it was never in one', 'web:1', [], undefined],
  ])('%s', (_, reference, digests, found) => {
    expect(registryDigest(known(...digests), imageId('web'), reference)).toBe(found && `sha256:${found}`);
  });

  it('of an image that is not here is unknown', () => {
    expect(registryDigest(known('web@sha256:a'), '', 'web:1')).toBeUndefined();
  });
});
