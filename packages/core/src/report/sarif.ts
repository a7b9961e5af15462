import { digest } from '../canonical.ts';
import type { Finding, Rules, Severity } from '../model.ts';

const LEVEL: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
};

/**
 * Findings in the format that GitHub's code scanning and editors read.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
 */
export function sarif(findings: readonly Finding[], rules: Rules): object {
  const ids = [...new Set(findings.map(({ rule }) => rule))].sort();
  const driver = {
    name: 'gitops-coordinator',
    rules: ids.map((id) => ({
      id,
      shortDescription: { text: rules[id]?.says ?? id },
      help: { text: `See docs/rules/${rulePage(id)} of gitops-coordinator.` },
      defaultConfiguration: { level: LEVEL[rules[id]?.level ?? 'error'] },
    })),
  };
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: findings.map(result) }],
  };
}

/** The page of a rule in `docs/rules/`. */
export function rulePage(id: string): string {
  return `${id.replace('/', '-')}.md`;
}

function result(finding: Finding): object {
  const { rule, severity, file, line, column, message, remedy } = finding;
  const region = { startLine: line ?? 1, ...(column !== undefined && { startColumn: column }) };
  return {
    ruleId: rule,
    level: LEVEL[severity],
    message: { text: `${message} → ${remedy}` },
    locations: [{ physicalLocation: { artifactLocation: { uri: encodeURI(file) }, region } }],
    // Without the line, so that a finding stays the same one when something is written above it.
    partialFingerprints: { 'gitops/v1': digest({ rule, file, message }) },
  };
}
