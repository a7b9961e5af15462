import { expect, it } from 'vitest';
import { authKeyOf, registryOf } from './image-registry.ts';

it.each([
  ['nginx', 'docker.io'],
  ['nginx:1.27', 'docker.io'],
  ['grafana/grafana:11', 'docker.io'],
  ['docker.io/library/nginx', 'docker.io'],
  ['index.docker.io/library/nginx', 'docker.io'],
  ['ghcr.io/org/app@sha256:abc', 'ghcr.io'],
  ['GHCR.io/org/app', 'ghcr.io'],
  ['localhost/app', 'localhost'],
  ['localhost:5000/app:1', 'localhost:5000'],
  ['127.0.0.1:5000/team/app', '127.0.0.1:5000'],
  ['registry:5000/app', 'registry:5000'],
  ['registry/app', 'docker.io'],
])('the registry of %s is %s', (reference, registry) => {
  expect(registryOf(reference)).toBe(registry);
});

it("Docker's configuration knows its own registry by an address", () => {
  expect(authKeyOf('docker.io')).toBe('https://index.docker.io/v1/');
  expect(authKeyOf('ghcr.io')).toBe('ghcr.io');
});
