import { describe, expect, it } from 'vitest';
import type { Obstacle } from './ports.ts';
import { deploymentTo, FIRST, firstDeployment, upgrade } from './testing/deployment.ts';
import { release, volume } from './testing/desired-state.ts';
import { declared, memoryProvider } from './testing/memory-provider.ts';

/** The stack `shop` leaves the host `a`, where it was deployed, for the host `b`. */
function move(volumes: readonly ReturnType<typeof volume>[]) {
  const former = release({ desired: { ...FIRST, volumes } });
  const provider = memoryProvider();
  const hosts = { a: upgrade({ recorded: { release: former } }), b: firstDeployment() };
  return deploymentTo(hosts, {
    provider: {
      ...provider,
      load: async (view, scope) => {
        const loaded = await provider.load(view, scope);
        return scope.target.name === 'a' ? { ...loaded, declared: declared({ stacks: [] }) } : loaded;
      },
    },
  });
}

describe('a stack that moves to another host', () => {
  it('is refused while it keeps data on the one it leaves, with the plan', async () => {
    const { result, sessions } = await move([volume()]);
    expect(result.outcome).toBe('refused');
    expect(result.error?.message).toContain('the stack shop moves from a to b, and its data stays on a.example.com');
    expect(result.plan?.changes.length).toBeGreaterThan(0);
    expect([...sessions.values()].map(({ begun }) => begun)).toEqual([undefined, undefined]);
  });

  it('may move when it keeps none, or none of its own', async () => {
    expect((await move([])).result.error?.code).not.toBe('policy');
    expect((await move([volume({ external: true })])).result.error?.code).not.toBe('policy');
  });
});

describe('what there is only one of', () => {
  const fails = (obstacle: Obstacle) => {
    const provider = { ...memoryProvider(), obstacles: () => [obstacle] };
    return deploymentTo({ a: firstDeployment() }, { provider });
  };

  it('fails a deployment before any change if another container holds it', async () => {
    const { result } = await fails({ wanted: 'the port 80/tcp of web', holder: 'proxy', stack: '' });
    expect(result.outcome).toBe('failed-before-change');
    expect(result.error).toMatchObject({
      code: 'host-conflict',
      seen: 'the port 80/tcp of web is held by the container proxy',
      remedy: 'stop that container, or use another port or name',
    });
  });

  it('fails a deployment before any change if it is wanted twice', async () => {
    const { result } = await fails({ wanted: 'the port 80/tcp of web', holder: 'api', stack: '', isOurs: true });
    expect(result.outcome).toBe('failed-before-change');
    expect(result.error).toMatchObject({
      code: 'host-conflict',
      seen: 'the port 80/tcp of web is wanted by api, too',
      remedy: 'use another port or name for one of them',
    });
  });
});
