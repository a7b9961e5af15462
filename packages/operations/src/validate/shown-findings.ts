import type { Finding, Reporter } from '@gitops/core';

/** Findings without what may be secret in what they quote: what is printed, and what fingerprints are made of. */
export function shownFindings(findings: readonly Finding[], reporter: Reporter): readonly Finding[] {
  return findings.map((finding) => ({
    ...finding,
    message: reporter.redact(finding.message),
    remedy: reporter.redact(finding.remedy),
  }));
}
