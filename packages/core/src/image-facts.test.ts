import { expect, it } from 'vitest';
import { withImageFacts } from './image-facts.ts';
import { change } from './testing/changes.ts';
import { desired, imageId, service } from './testing/desired-state.ts';

const FIRST = desired({ services: [service()] });
const SECOND = desired({ services: [service({ image: 'example/web:2' })] });
/** Only the first image was ever in a registry. */
const prepared = { digestOf: (id: string) => (id === imageId('example/web:1') ? 'sha256:one' : undefined) };
const recreate = change({ imageBefore: 'example/web:1', imageAfter: 'example/web:2' });

it('a change names the images of a service as registries know them', () => {
  expect(withImageFacts([recreate], SECOND, FIRST, prepared)).toEqual([{ ...recreate, digestBefore: 'sha256:one' }]);
  expect(withImageFacts([recreate], FIRST, SECOND, prepared)).toEqual([{ ...recreate, digestAfter: 'sha256:one' }]);
});

it('a service that runs nowhere had no image', () => {
  const create = change({ action: 'create', imageAfter: 'example/web:2' });
  expect(withImageFacts([create], SECOND, FIRST, prepared)).toEqual([create]);
});

it('an image that is not on the host is told', () => {
  const unknown = desired({ services: [service({ imageId: '' })] });
  expect(withImageFacts([recreate], unknown, undefined, prepared)).toEqual([{ ...recreate, isPulled: true }]);
});

it('nothing is told of what stays, of a network, and of what goes', () => {
  const others = [change({ action: 'none' }), change({ kind: 'network' }), change({ name: 'old', action: 'delete' })];
  expect(withImageFacts(others, FIRST, FIRST, prepared)).toEqual(others);
});
