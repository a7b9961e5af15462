import { type Evidence, type HttpProbeSpec, REDIRECTS } from '@gitops/core';
import { expiryWarning } from './certificate-text.ts';
import { type Exchange, exchange } from './exchange.ts';
import { faultOfBody, faultOfHead, type Head } from './judge-answer.ts';
import { RedirectFailure } from './probe-failure.ts';
import { searchBody } from './search-body.ts';
import { firstStop, nextStop, type Stop, stopText } from './stop.ts';
import type { Trust } from './trust.ts';

/** What was seen, and what to make of it. */
export type Measured = Pick<Evidence, 'verdict' | 'seen'>;

const MOST_REDIRECTS = 5;

/** Gets the address of a probe and judges the answer. Throws the errors of `probe-failure.ts`. */
export async function askHttp(
  probe: HttpProbeSpec,
  timeoutMs: number,
  trust: Trust,
  signal: AbortSignal,
): Promise<Measured> {
  let stop = firstStop(probe.url, probe.headers ?? {});
  const start = stopText(stop);
  for (let followed = 0; ; followed += 1) {
    const lead = followed === 0 ? '' : `${start} leads to ${stopText(stop)}`;
    using answer = await exchange(stop, probe.tls, trust, signal).catch((error: unknown) => {
      throw lead === '' ? error : new RedirectFailure(lead, error);
    });
    const way = lead === '' ? start : `${lead}, which`;
    const next = probe.redirects ? redirected(stop, headOf(answer)) : undefined;
    // Without `await` the connection would end before its body was read.
    if (!next) return await judge(probe, stop, answer, way, timeoutMs, signal);
    if (followed === MOST_REDIRECTS) {
      return { verdict: 'unhealthy', seen: `${way} leads on, after ${MOST_REDIRECTS} redirects` };
    }
    stop = next;
  }
}

function headOf({ response }: Exchange): Head {
  return { status: response.statusCode ?? 0, headers: response.headers };
}

function redirected(stop: Stop, { status, headers }: Head): Stop | undefined {
  if (!REDIRECTS.includes(status) || headers.location === undefined) return undefined;
  return nextStop(stop, headers.location);
}

async function judge(
  probe: HttpProbeSpec,
  stop: Stop,
  answer: Exchange,
  way: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Measured> {
  const head = headOf(answer);
  const answers = `${way} answers ${head.status}`;
  const fault = faultOfHead(probe, stop, head) ?? (await bodyFault(probe, answer, timeoutMs, signal));
  if (fault !== undefined) return { verdict: 'unhealthy', seen: `${answers}${fault}` };
  if (probe.tls?.verify === false) return { verdict: 'healthy', seen: `${answers}, its certificate unverified` };
  const warning = answer.certificate && expiryWarning(answer.certificate, Date.now());
  return warning ? { verdict: 'degraded', seen: `${answers}, but ${warning}` } : { verdict: 'healthy', seen: answers };
}

async function bodyFault(
  { body }: HttpProbeSpec,
  { response }: Exchange,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (body === undefined) return undefined;
  const search = await searchBody(response, body, signal);
  return faultOfBody(body, search, response.headers['content-encoding'], timeoutMs);
}
