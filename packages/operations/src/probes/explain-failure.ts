import { messageOf } from '@gitops/core';
import { refusalText } from './certificate-text.ts';
import { durationText } from './duration-text.ts';
import type { Measured } from './http-probe.ts';
import { CertificateRefused, ProbeFailure, RedirectFailure, type Stage } from './probe-failure.ts';

/** These say something of this machine or of the way, and nothing of the service. */
const NOT_MEASURED: ReadonlyMap<string, string> = new Map([
  ['ENETUNREACH', 'this machine has no route there'],
  ['ENETDOWN', 'the network of this machine is down'],
  ['EHOSTUNREACH', 'no route leads to that machine, or it is down'],
  ['EHOSTDOWN', 'no route leads to that machine, or it is down'],
  ['EADDRNOTAVAIL', 'this machine has no address or no port left to connect from'],
  ['EAFNOSUPPORT', 'this machine does not speak that kind of address'],
  ['EACCES', 'this machine may not connect there → look at its firewall'],
  ['EPERM', 'this machine may not connect there → look at its firewall'],
  ['EMFILE', 'this process has no file descriptor left'],
  ['ENFILE', 'this machine has no file descriptor left'],
  ['ENOBUFS', 'this machine has no memory left for connections'],
  ['ENOMEM', 'this machine has no memory left for connections'],
]);

const TLS_FAULTS: readonly (readonly [code: RegExp, said: string])[] = [
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST/,
    'what answers is no TLS → write http://, or the port of TLS',
  ],
  [
    /UNRECOGNIZED_NAME|ALERT_INTERNAL_ERROR/,
    'the server has no certificate for this name → say a name it knows in `headers: { Host: … }`',
  ],
  [
    /PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL|HANDSHAKE_FAILURE/,
    'the server offers no version or cipher of TLS that is still safe → update it',
  ],
  [/CERTIFICATE_REQUIRED|BAD_CERTIFICATE/, 'the server asks for a certificate of the client, and probes have none'],
];

const TOO_LATE: Readonly<Record<Stage, string>> = {
  connect: 'did not take the connection',
  secure: 'took the connection, but did not finish the TLS handshake',
  answer: 'took the connection, but sent no answer',
};
const CLOSED: Readonly<Record<Stage, string>> = {
  connect: 'resets connections',
  secure: 'closed the connection during the TLS handshake → is this the port of TLS?',
  answer: 'closed the connection without an answer',
};

/** What a probe that got no answer says of the service, if anything. */
export function explainFailure(error: unknown, timeoutMs: number): Measured {
  if (error instanceof CertificateRefused) {
    const { refused } = error;
    return { verdict: 'unhealthy', seen: `${refused.place}: ${refusalText(refused)}` };
  }
  if (error instanceof RedirectFailure) {
    const { verdict, seen } = explainFailure(error.cause, timeoutMs);
    return { verdict, seen: `${error.way}: ${seen}` };
  }
  if (!(error instanceof ProbeFailure)) return { verdict: 'unknown', seen: messageOf(error) };
  return explain(error, mostTelling(error.cause), timeoutMs);
}

function explain({ stage, place }: ProbeFailure, cause: unknown, timeoutMs: number): Measured {
  const code = codeOf(cause);
  if (isLookup(cause)) {
    const remedy = 'mend its DNS, or probe the IP address with `headers: { Host: … }`';
    return {
      verdict: 'unknown',
      seen: `${place}: the DNS of this machine has no address for it (${code}) → ${remedy}`,
    };
  }
  const notMeasured = NOT_MEASURED.get(code);
  if (notMeasured !== undefined) return { verdict: 'unknown', seen: `${place}: ${notMeasured} (${code})` };
  if (isTimeout(code)) return tooLate(stage, place, timeoutMs);
  return { verdict: 'unhealthy', seen: `${place} ${fault(stage, code, cause)}` };
}

/** Silence before there is a connection may be a firewall's on the way; silence after it is the service's. */
function tooLate(stage: Stage, place: string, timeoutMs: number): Measured {
  const remedy = stage === 'connect' ? ' → is there a firewall between this machine and that one?' : '';
  return {
    verdict: stage === 'connect' ? 'unknown' : 'unhealthy',
    seen: `${place} ${TOO_LATE[stage]} within ${durationText(timeoutMs)}${remedy}`,
  };
}

function fault(stage: Stage, code: string, cause: unknown): string {
  if (code === 'ECONNREFUSED') return 'refuses connections: nothing listens there';
  if (code === 'ECONNRESET' || code === 'EPIPE') return CLOSED[stage];
  if (code === 'HPE_HEADER_OVERFLOW') return 'answers with more than 16 KiB of headers';
  if (code.startsWith('HPE_')) return `answers, but not in HTTP (${code}) → is this the right port and scheme?`;
  const known = TLS_FAULTS.find(([pattern]) => pattern.test(code));
  return known ? `does not speak TLS with us: ${known[1]}` : `failed: ${code === '' ? messageOf(cause) : code}`;
}

/** A name with several addresses fails once for each; one of them that was reached outweighs those that were not. */
function mostTelling(cause: unknown): unknown {
  if (!(cause instanceof AggregateError)) return cause;
  const errors: unknown[] = cause.errors;
  const told = errors.find((each) => !isTimeout(codeOf(each)) && !NOT_MEASURED.has(codeOf(each)));
  return told ?? errors[0];
}

function isTimeout(code: string): boolean {
  return code === 'ETIMEDOUT' || code === 'ABORT_ERR';
}

function isLookup(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && error.syscall === 'getaddrinfo';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
