/** Docker Hub, as `registries:` writes it. */
export const HUB = 'docker.io';

/** The registry that an image reference names: the first part, if it has a dot, a port or is `localhost`; else Docker Hub. */
export function registryOf(reference: string): string {
  const [first = '', ...rest] = reference.split('/');
  // https://github.com/distribution/reference/blob/v0.6.0/normalize.go#L143
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  if (!isHost || first === 'index.docker.io') return HUB;
  return first.toLowerCase();
}

/** How Docker's configuration file names a registry. */
export function authKeyOf(registry: string): string {
  return registry === HUB ? 'https://index.docker.io/v1/' : registry;
}
