import { expect, it } from 'vitest';
import { service } from '../../core/src/testing/desired-state.ts';
import { hostMounts } from './host-mounts.ts';

const socket = { type: 'bind', source: '/var/run/docker.sock', target: '/var/run/docker.sock', read_only: true };
const media = { type: 'bind', source: '/mnt/me$$dia', target: '/media' };
const own = { type: 'bind', source: '/var/lib/gitops/infra/production/objects/aa', target: '/etc/app.conf' };
const volume = { type: 'volume', source: 'data', target: '/data' };
const hostPaths = ['/mnt/me$dia', '/var/run/docker.sock'];

function mounting(...volumes: readonly object[]) {
  return service({ definition: { image: 'example/web:1', volumes } });
}

it('the paths of the host that a service mounts are told with where, and whether they are new', () => {
  expect(hostMounts(mounting(socket, media, own, volume), { hostPaths }, mounting(media))).toEqual([
    { source: '/var/run/docker.sock', target: '/var/run/docker.sock', readOnly: true, isNew: true },
    { source: '/mnt/me$dia', target: '/media', readOnly: false, isNew: false },
  ]);
});

it('a service without any has none', () => {
  expect(hostMounts(mounting(own, volume), { hostPaths }, undefined)).toEqual([]);
  expect(hostMounts(service(), { hostPaths: [] }, undefined)).toEqual([]);
});
