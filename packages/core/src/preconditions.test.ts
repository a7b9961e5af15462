import { describe, expect, it } from 'vitest';
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
