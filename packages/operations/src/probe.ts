import { connect } from 'node:net';
import type { Evidence, ProbeSpec } from '@gitops/core';

/** Longest time one probe may take, in milliseconds. */
const PROBE_TIMEOUT_MS = 5000;
/** A probe that can't be measured is not a failing service. */
const UNMEASURABLE = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EMFILE', 'ENETUNREACH']);

/** Asks every probe once, side by side, from this machine. */
export function probeAll(probes: readonly ProbeSpec[], signal: AbortSignal): Promise<readonly Evidence[]> {
  return Promise.all(probes.map((probe) => probeOne(probe, signal)));
}

async function probeOne(probe: ProbeSpec, signal: AbortSignal): Promise<Evidence> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT_MS)]);
  try {
    const [good, seen] = probe.kind === 'http' ? await askHttp(probe, limit) : await askTcp(probe, limit);
    return { subject: probe.name, verdict: good ? 'healthy' : 'unhealthy', seen };
  } catch (error) {
    const code = errorCode(error);
    return {
      subject: probe.name,
      verdict: UNMEASURABLE.has(code) ? 'unknown' : 'unhealthy',
      seen: `${place(probe)}: ${code}`,
    };
  }
}

async function askHttp(probe: Extract<ProbeSpec, { kind: 'http' }>, signal: AbortSignal): Promise<[boolean, string]> {
  const response = await fetch(probe.url, { redirect: 'manual', signal });
  const rightStatus = probe.status === undefined ? response.ok : response.status === probe.status;
  const body = await response.text();
  const rightBody = probe.body === undefined || body.includes(probe.body);
  const missing = rightBody ? '' : `, and the body lacks ${JSON.stringify(probe.body)}`;
  return [rightStatus && rightBody, `${probe.url} answers ${response.status}${missing}`];
}

function askTcp(probe: Extract<ProbeSpec, { kind: 'tcp' }>, signal: AbortSignal): Promise<[boolean, string]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: probe.host, port: probe.port, signal });
    socket.once('connect', () => {
      socket.destroy();
      resolve([true, `${place(probe)} accepts connections`]);
    });
    socket.once('error', reject);
  });
}

function place(probe: ProbeSpec): string {
  return probe.kind === 'http' ? probe.url : `${probe.host}:${probe.port}`;
}

/** `fetch` hides the reason in `cause`. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return errorCode(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
