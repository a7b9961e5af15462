import { describe, expect, it } from 'vitest';
import { UNKNOWN_VALUE } from '../load/interpolation.ts';
import { imageFindings } from './images.ts';
import { lines, projectOf } from './testing/linted.ts';

async function findingsOf(services: string): Promise<readonly string[]> {
  return lines(imageFindings(await projectOf(`services:\n${services}`)));
}

describe('an image', () => {
  it('without a tag is reported once for all services that run it', async () => {
    expect(await findingsOf('  web: { image: &nginx nginx }\n  worker: { image: *nginx }\n')).toEqual([
      '2:24 compose/untagged-image the image `nginx` of `web`, `worker` has no tag, so its version is that of the day of its pull → write the version: `nginx:…`',
    ]);
  });

  it('with the tag `latest` is reported, and what that means for a database', async () => {
    expect(await findingsOf('  db: { image: "docker.io/library/postgres:latest" }\n')).toEqual([
      '2:16 compose/untagged-image the image `docker.io/library/postgres:latest` of `db` has the tag `latest`, so its version is that of the day of its pull, and PostgreSQL may not read the files of another one → write the version: `postgres:…`',
    ]);
  });

  it('with a tag that is a word is told to move', async () => {
    expect(await findingsOf('  web: { image: "ghcr.io/example/shop:main" }\n')).toEqual([
      '2:17 compose/moving-tag the tag `main` of the image of `web` moves, so what was reviewed is not what will be pulled → write the version: `ghcr.io/example/shop:…`',
    ]);
  });

  it.each([
    ['a version', 'nginx:1.29.3-alpine'],
    ['a major version', 'postgres:16'],
    ['a date', 'example/shop:2026-01-02'],
    ['a digest and no tag', `nginx@sha256:${'0'.repeat(64)}`],
    ['a digest and the tag `latest`', `nginx:latest@sha256:${'0'.repeat(64)}`],
    ['an id', `sha256:${'0'.repeat(64)}`],
    ['a version behind the port of a registry', 'localhost:5000/shop:1.0'],
    ['a version that is encrypted', `nginx:${UNKNOWN_VALUE}`],
  ])('with %s is fine', async (_, image) => {
    const project = await projectOf('services: { web: { image: nginx } }\n');
    expect(imageFindings({ ...project, model: { services: { web: { image } } } })).toEqual([]);
  });
});

describe('a service that is built', () => {
  it('and has no image is reported, with the name that the host would have to know', async () => {
    expect(await findingsOf('  web:\n    build: .\n')).toEqual([
      '3:12 compose/build `web` has `build:` and no `image:`; a deployment builds nothing and needs `shop-web` on the host → publish the image and name it with `image:`',
    ]);
  });

  it('and published under a version is fine', async () => {
    expect(await findingsOf('  web:\n    build: .\n    image: ghcr.io/example/shop:1.2\n')).toEqual([]);
  });
});
