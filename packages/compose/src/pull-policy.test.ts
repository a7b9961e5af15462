import { describe, expect, it } from 'vitest';
import { imageId } from '../../core/src/testing/desired-state.ts';
import { builtReferences, chooseImages, referencesToPull } from './images.ts';
import { parseRendered } from './rendered.ts';
import { intervalWarnings, pullPolicyOf } from './roles.ts';

const here = new Map([['nginx:1', { id: imageId('nginx'), registryDigests: [] }]]);

function projects(service: object) {
  return [{ stack: 'shop', model: parseRendered(JSON.stringify({ services: { web: service } })) }];
}

function toPull(service: object, facts: typeof here): readonly string[] {
  const list = projects(service);
  return referencesToPull(list, facts, chooseImages(list, facts, undefined));
}

describe('pull_policy', () => {
  it.each([
    [undefined, 'missing'],
    ['missing', 'missing'],
    ['if_not_present', 'missing'],
    ['build', 'missing'],
    ['daily', 'missing'],
    ['weekly', 'missing'],
    ['every_12h', 'missing'],
    ['always', 'always'],
    ['never', 'never'],
  ])('%s counts as %s', (said, policy) => {
    const service = { image: 'nginx:1', ...(said && { pull_policy: said }) };
    expect(pullPolicyOf(parseRendered(JSON.stringify({ services: { web: service } })).services['web'] ?? {})).toBe(
      policy,
    );
    expect(toPull(service, here)).toEqual(policy === 'always' ? ['nginx:1'] : []);
    if (policy !== 'never') expect(toPull(service, new Map())).toEqual(['nginx:1']);
  });

  it('never, of an image that is not there, is refused', () => {
    expect(() => toPull({ image: 'nginx:1', pull_policy: 'never' }, new Map())).toThrow(/forbids pulling it/);
  });

  it.each(['daily', 'weekly', 'every_12h'])('%s is told to be something else', (said) => {
    const { model } = projects({ image: 'nginx:1', pull_policy: said })[0] ?? {};
    expect(model && intervalWarnings(model)).toEqual([
      expect.stringContaining(`\`pull_policy: ${said}\` of web is treated as`),
    ]);
  });

  it('that is plain needs no word', () => {
    const { model } = projects({ image: 'nginx:1', pull_policy: 'always' })[0] ?? {};
    expect(model && intervalWarnings(model)).toEqual([]);
  });
});

it('what could be built is known by its reference', () => {
  expect([...builtReferences(projects({ build: { context: '.' } }))]).toEqual(['shop-web']);
  expect([...builtReferences(projects({ image: 'nginx:1' }))]).toEqual([]);
});
