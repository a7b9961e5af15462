/** What a reference to an image says, as in `ghcr.io/example/shop:1.2@sha256:…`. */
export interface ImageName {
  /** All before tag and digest, without Docker Hub's own words: `nginx`, `ghcr.io/example/shop`. */
  readonly repository: string;
  /** The last word of it. */
  readonly name: string;
  readonly tag?: string;
  readonly isPinned: boolean;
}

/** https://docs.docker.com/reference/cli/docker/image/tag/ */
export function imageName(reference: string): ImageName {
  const [named = '', digest] = reference.split('@');
  // A colon before a slash is that of a registry's port.
  const [, whole = named, tag] = /^(.*?)(?::([^:/]*))?$/s.exec(named) ?? [];
  const repository = whole.replace(/^(?:docker\.io|index\.docker\.io)\//, '').replace(/^library\//, '');
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  const isPinned = digest !== undefined || repository === 'sha256';
  return { repository, name, ...(tag ? { tag } : {}), isPinned };
}
