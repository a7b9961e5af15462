import type { Prober, ProbeSpec } from '@gitops/core';

/** The prober of an environment, loaded when it is first asked: TLS takes 20 ms, which most deployments need not pay. */
export function probing(probes: readonly ProbeSpec[]): Prober {
  if (probes.length === 0) return async () => [];
  let loaded: Promise<Prober> | undefined;
  return async (signal) => {
    loaded ??= load(probes);
    return (await loaded)(signal);
  };
}

async function load(probes: readonly ProbeSpec[]): Promise<Prober> {
  const { proberOf } = await import(/* webpackMode: "eager" */ './probes/prober.ts');
  return proberOf(probes);
}
