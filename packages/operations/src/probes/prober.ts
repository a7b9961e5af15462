import type { Evidence, Prober, ProbeSpec, TcpProbeSpec } from '@gitops/core';
import { addressText, openSocket } from './connect.ts';
import { explainFailure } from './explain-failure.ts';
import { askHttp, type Measured } from './http-probe.ts';
import { createTrust, type Trust } from './trust.ts';

const USUAL_TIMEOUT_MS = 5000;

/** Asks every probe once, side by side, from this machine. Throws only the reason of its signal. */
export function proberOf(probes: readonly ProbeSpec[]): Prober {
  const trust = createTrust();
  return (signal) => Promise.all(probes.map((probe) => look(probe, trust, signal)));
}

async function look(probe: ProbeSpec, trust: Trust, signal: AbortSignal): Promise<Evidence> {
  const measured = await measure(probe, trust, signal);
  signal.throwIfAborted();
  return { subject: probe.name, ...measured };
}

async function measure(probe: ProbeSpec, trust: Trust, signal: AbortSignal): Promise<Measured> {
  const timeoutMs = probe.timeoutMs ?? USUAL_TIMEOUT_MS;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    return probe.kind === 'http' ? await askHttp(probe, timeoutMs, trust, limit) : await askTcp(probe, limit);
  } catch (error) {
    return explainFailure(error, timeoutMs);
  }
}

async function askTcp({ host, port }: TcpProbeSpec, signal: AbortSignal): Promise<Measured> {
  const socket = await openSocket({ host, port }, signal);
  socket.destroy();
  return { verdict: 'healthy', seen: `${addressText({ host, port })} accepts connections` };
}
