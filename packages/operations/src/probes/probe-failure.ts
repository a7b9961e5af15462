import type { X509Certificate } from 'node:crypto';

/** How far a probe came: there is no connection yet, no TLS yet, no answer yet. */
export type Stage = 'connect' | 'secure' | 'answer';

/** A probe that got no answer; the cause says why. */
export class ProbeFailure extends Error {
  readonly stage: Stage;
  readonly place: string;

  constructor(stage: Stage, place: string, cause: unknown) {
    super(`${stage} ${place}`, { cause });
    this.name = 'ProbeFailure';
    this.stage = stage;
    this.place = place;
  }
}

/** A certificate that is not to be trusted. */
export interface RefusedCertificate {
  readonly place: string;
  /** Whom the certificate has to be for. */
  readonly hostname: string;
  /** OpenSSL's or Node's, e.g. `CERT_HAS_EXPIRED`. */
  readonly code: string;
  readonly certificate: X509Certificate | undefined;
  /** Whether the probe names its authorities itself. */
  readonly hasOwnAuthority: boolean;
}

/** The TLS handshake was done, and nothing was sent. */
export class CertificateRefused extends Error {
  readonly refused: RefusedCertificate;

  constructor(refused: RefusedCertificate) {
    super(`${refused.code} of ${refused.place}`);
    this.name = 'CertificateRefused';
    this.refused = refused;
  }
}

/** A failure after a redirect was followed; the cause says which. */
export class RedirectFailure extends Error {
  /** `http://a.example.com/ leads to https://a.example.com/` */
  readonly way: string;

  constructor(way: string, cause: unknown) {
    super(way, { cause });
    this.name = 'RedirectFailure';
    this.way = way;
  }
}
