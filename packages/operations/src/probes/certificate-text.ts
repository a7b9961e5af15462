import type { X509Certificate } from 'node:crypto';
import type { RefusedCertificate } from './probe-failure.ts';
import { UNKNOWN_AUTHORITY } from './secure.ts';

const DAY_MS = 24 * 3_600_000;
const SOON_MS = 14 * DAY_MS;
const LONGEST_SHOWN = 100;

/**
 * A word about a certificate that soon expires: within 14 days, or in the last quarter of a life of less than 56. What
 * renews itself has been renewed by then.
 */
export function expiryWarning({ validFromDate, validToDate }: X509Certificate, now: number): string | undefined {
  const left = validToDate.getTime() - now;
  const lifetime = validToDate.getTime() - validFromDate.getTime();
  if (left > Math.min(SOON_MS, lifetime / 4)) return undefined;
  return `its certificate expires at ${moment(validToDate)} → renew it, and look why it did not renew itself`;
}

/** What is wrong with a certificate, and how to mend it. */
export function refusalText(refused: RefusedCertificate): string {
  const { certificate, code } = refused;
  if (code === 'CERT_HAS_EXPIRED') return expired(certificate);
  if (code === 'CERT_NOT_YET_VALID') return notYetValid(certificate);
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongHost(refused);
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') return selfSigned(refused);
  if (UNKNOWN_AUTHORITY.has(code)) return unknownAuthority(refused);
  return `its certificate can't be verified: ${code}`;
}

/** The certificate that OpenSSL stumbled over may be one further up the chain. */
function expired(leaf: X509Certificate | undefined): string {
  if (!leaf || leaf.validToDate.getTime() > Date.now()) {
    return 'a certificate of its chain has expired → renew the chain that the server sends';
  }
  return `its certificate expired at ${moment(leaf.validToDate)} → renew it`;
}

function notYetValid(leaf: X509Certificate | undefined): string {
  const remedy = 'compare the clock of this machine with the one that signed it';
  if (!leaf || leaf.validFromDate.getTime() < Date.now()) {
    return `a certificate of its chain is not valid yet → ${remedy}`;
  }
  return `its certificate is not valid before ${moment(leaf.validFromDate)} → ${remedy}`;
}

function wrongHost({ certificate, hostname }: RefusedCertificate): string {
  const names = cut(certificate?.subjectAltName ?? 'nobody');
  return `its certificate is for ${names}, not for ${hostname} → probe a name it is for, or say one in \`headers: { Host: … }\``;
}

function selfSigned({ hasOwnAuthority }: RefusedCertificate): string {
  const remedy = hasOwnAuthority
    ? 'name that very certificate in `tls.ca`'
    : 'put it in the repository and name it in `tls.ca`';
  return `its certificate is self-signed → ${remedy}`;
}

function unknownAuthority({ certificate, code, hasOwnAuthority }: RefusedCertificate): string {
  const issuer = `its certificate was issued by ${cut(oneLine(certificate?.issuer ?? 'nobody'))}`;
  const wholeChain = code === 'SELF_SIGNED_CERT_IN_CHAIN' ? '' : ', or let the server send the whole chain';
  if (hasOwnAuthority)
    return `${issuer}, which \`tls.ca\` does not hold → name the certificate of its root there${wholeChain}`;
  return `${issuer}, which is not known here → name the certificate of its root in \`tls.ca\`${wholeChain}`;
}

/** Names of authorities come as a line for each part. */
function oneLine(name: string): string {
  return name.split('\n').join(', ');
}

function cut(text: string): string {
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** `2026-01-31 12:00 UTC` */
function moment(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
