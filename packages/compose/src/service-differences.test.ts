import { describe, expect, it } from 'vitest';
import { service } from '../../core/src/testing/desired-state.ts';
import { namesOfFields } from './fields.ts';
import { serviceDifferences } from './service-differences.ts';

const OBJECTS = [
  { digest: 'aa', kind: 'file', source: 'stacks/shop/nginx.conf' },
  { digest: 'bb', kind: 'file', source: 'stacks/shop/nginx.conf' },
  { digest: 'cc', kind: 'file', source: 'stacks/shop/password.txt' },
] as const;

const mount = (digest: string, target = '/etc/nginx.conf') => ({
  type: 'bind',
  source: `/var/lib/gitops/infra/production/objects/${digest}`,
  target,
});

/** A service that mounts and is granted objects, as Compose is given it. */
function using(mounts: readonly object[], granted: readonly string[], mounted: readonly string[]) {
  const labels = granted.length > 0 ? { 'gitops.inputs': granted.join() } : {};
  return service({
    objects: [...mounted, ...granted],
    definition: { image: 'example/web:1', volumes: mounts, labels },
  });
}

function said(before: ReturnType<typeof using>, after: ReturnType<typeof using>): string {
  return namesOfFields(serviceDifferences(before, after, OBJECTS));
}

describe('what changed of a service', () => {
  it('is a mounted file by its path in git, not by where it lies on the host', () => {
    expect(said(using([mount('aa')], [], ['aa']), using([mount('bb')], [], ['bb']))).toBe(
      'content of stacks/shop/nginx.conf',
    );
  });

  it('is a config or a secret by its path, not by the label that makes Compose see it', () => {
    expect(said(using([], ['aa'], []), using([], ['cc'], []))).toBe('content of stacks/shop/password.txt');
  });

  it('is the mounts as well, where a file is mounted elsewhere', () => {
    expect(said(using([mount('aa')], [], ['aa']), using([mount('bb', '/etc/other.conf')], [], ['bb']))).toBe(
      'mounts, content of stacks/shop/nginx.conf',
    );
  });

  it('keeps the label of what no file explains', () => {
    const [before, after] = [using([mount('aa')], ['x'], ['aa']), using([mount('bb')], ['x'], ['bb'])];
    const data = { ...after, definition: { ...after.definition, labels: { 'gitops.inputs': 'other' } } };
    expect(said(before, data)).toBe('content of a config, secret or mounted file, content of stacks/shop/nginx.conf');
  });

  it('is never left out, though two files change their places', () => {
    const [one, two] = [mount('aa', '/a'), mount('cc', '/c')];
    const [before, after] = [
      using([one, two], [], ['aa', 'cc']),
      using([mount('cc', '/a'), mount('aa', '/c')], [], ['aa', 'cc']),
    ];
    expect(said(before, after)).toBe('mounts');
  });
});
