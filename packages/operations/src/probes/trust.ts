import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { TlsSpec } from '@gitops/core';

/** Which authorities probes trust; everything is read when it is first needed, and once. */
export interface Trust {
  contextFor(spec: TlsSpec | undefined): SecureContext;
  /** The roots of the system as well, or `undefined` if they were trusted already. */
  wider(context: SecureContext): SecureContext | undefined;
}

/**
 * Node's own roots cost nothing. To read those of the system takes a third of a second, so that is done only when a
 * certificate is met that Node's do not know.
 */
export function createTrust(): Trust {
  const ofProbes = new Map<string, SecureContext>();
  let own: SecureContext | undefined;
  let all: SecureContext | undefined;
  return {
    contextFor({ ca } = {}) {
      if (ca === undefined) {
        own ??= createSecureContext();
        return all ?? own;
      }
      const context = ofProbes.get(ca) ?? createSecureContext({ ca });
      ofProbes.set(ca, context);
      return context;
    },
    wider(context) {
      if (context !== own) return undefined;
      all ??= createSecureContext({
        ca: [...new Set([...getCACertificates('default'), ...getCACertificates('system')])],
      });
      return all;
    },
  };
}
