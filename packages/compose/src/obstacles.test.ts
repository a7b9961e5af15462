import { describe, expect, it } from 'vitest';
import { desired, service } from '../../core/src/testing/desired-state.ts';
import { live } from '../../core/src/testing/live-state.ts';
import { obstacles } from './obstacles.ts';

type Said = Parameters<typeof service>[0];

/** A service that publishes a port of the host. */
function publishing(name: string, published: string, said: Said = {}, more: Record<string, unknown> = {}) {
  return service({ name, definition: { ports: [{ target: 80, published, protocol: 'tcp' }], ...more }, ...said });
}

describe('what another container of the host holds is an obstacle', () => {
  const other = { name: 'by-hand-web-1', stack: 'by-hand', ports: ['0.0.0.0:80->80/tcp', ':::80->80/tcp'] };

  it('if it is a port', () => {
    expect(obstacles(desired({ services: [publishing('web', '80')] }), live({ unmanaged: [other] }))).toEqual([
      { wanted: 'the port 80/tcp of web', holder: 'by-hand-web-1', stack: 'by-hand' },
    ]);
  });

  it('if it is a name', () => {
    const named = service({ definition: { container_name: 'by-hand-web-1' } });
    expect(obstacles(desired({ services: [named] }), live({ unmanaged: [other] }))).toEqual([
      { wanted: 'the container name by-hand-web-1 of web', holder: 'by-hand-web-1', stack: 'by-hand' },
    ]);
  });

  it('but not if nothing of it is wanted', () => {
    const services = [publishing('web', '81'), publishing('off', '80', { replicas: 0 })];
    expect(obstacles(desired({ services }), live({ unmanaged: [other] }))).toEqual([]);
  });
});

describe('what two containers of the desired state want is an obstacle', () => {
  it('if it is a port', () => {
    const services = [publishing('api', '80'), publishing('web', '80')];
    expect(obstacles(desired({ services }), live())).toEqual([
      { wanted: 'the port 80/tcp of web', holder: 'api', stack: '', isOurs: true },
    ]);
  });

  it('if it is the port of a service that is to have several', () => {
    expect(obstacles(desired({ services: [publishing('web', '80', { replicas: 2 })] }), live())).toEqual([
      { wanted: 'the port 80/tcp of web', holder: '2 containers of it', stack: '', isOurs: true },
    ]);
  });

  it('if it is a container name of two stacks', () => {
    const definition = { container_name: 'web' };
    const services = [service({ definition }), service({ stack: 'blog', definition })];
    expect(obstacles(desired({ stacks: ['shop', 'blog'], services }), live())).toEqual([
      { wanted: 'the container name web of blog/web', holder: 'shop/web', stack: '', isOurs: true },
    ]);
  });

  it.each([
    ['a job gives it free when it ends', publishing('web', '80', { role: 'job' })],
    ['one has no container', publishing('web', '80', { replicas: 0 })],
    ['one is in the network of the host', publishing('web', '80', {}, { network_mode: 'host' })],
    ['Docker takes a free one of a range', publishing('web', '80-89')],
  ])('but not if %s', (_, web) => {
    expect(obstacles(desired({ services: [publishing('api', '80'), web] }), live())).toEqual([]);
  });
});
