import * as v from 'valibot';
import { asGitopsError } from '../deploy-result.ts';
import type { Finding, Severity } from '../model.ts';
import { ChangeSchema } from '../plan-schema.ts';

const FindingSchema = v.strictObject({
  rule: v.string(),
  severity: v.picklist(['error', 'warning', 'info']),
  file: v.string(),
  line: v.exactOptional(v.number()),
  column: v.exactOptional(v.number()),
  message: v.string(),
  remedy: v.string(),
});

const EnvironmentSchema = v.strictObject({
  name: v.string(),
  /** Of what could not be read the plan is `unknown`; of what was not asked about there is none. */
  outcome: v.exactOptional(v.picklist(['planned', 'unchanged', 'refused', 'failed-before-change', 'unknown'])),
  planHash: v.string(),
  changes: v.number(),
  plan: v.array(ChangeSchema),
  error: v.exactOptional(v.string()),
});

/** `result.json` of a validation: the one source of its JSON Schema. */
export const ValidationResultFile = v.strictObject({
  apiVersion: v.literal('gitops/v1'),
  kind: v.literal('ValidationResult'),
  commit: v.string(),
  errors: v.number(),
  warnings: v.number(),
  /** Findings that the baseline knows, and that are not listed. */
  known: v.number(),
  changes: v.number(),
  findings: v.array(FindingSchema),
  environments: v.array(EnvironmentSchema),
  /** Why nothing was validated. */
  error: v.exactOptional(
    v.strictObject({ code: v.string(), attempted: v.string(), seen: v.string(), remedy: v.string() }),
  ),
});

export type ValidationResultFile = v.InferOutput<typeof ValidationResultFile>;

/** `result.json` of a run that came to nothing. */
export function notValidatedFile(error: unknown): ValidationResultFile {
  const { code, attempted, seen, remedy } = asGitopsError(error);
  const nothing = { commit: '', errors: 0, warnings: 0, known: 0, changes: 0, findings: [], environments: [] };
  return { apiVersion: 'gitops/v1', kind: 'ValidationResult', ...nothing, error: { code, attempted, seen, remedy } };
}

/** How many findings there are of a severity. */
export function countOf(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
