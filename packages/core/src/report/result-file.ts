import * as v from 'valibot';
import type { DeployResult } from '../deploy-result.ts';
import { effective } from '../plan.ts';
import { ChangeSchema } from '../plan-schema.ts';

const OUTCOMES = [
  'deployed',
  'unchanged',
  'planned',
  'superseded',
  'refused',
  'failed-before-change',
  'rolled-back',
  'rollback-failed',
  'frozen',
  'unknown',
] as const;
const VERDICTS = ['healthy', 'degraded', 'unhealthy', 'unknown'] as const;

const Evidence = v.strictObject({
  subject: v.string(),
  verdict: v.picklist(VERDICTS),
  seen: v.string(),
  log: v.optional(v.string()),
});

const Target = v.strictObject({
  name: v.string(),
  host: v.string(),
  outcome: v.picklist(OUTCOMES),
  release: v.string(),
  previousRelease: v.string(),
  auditHead: v.string(),
});

/** `result.json` of a deployment: the one source of its JSON Schema. */
export const DeployResultFile = v.strictObject({
  apiVersion: v.literal('gitops/v1'),
  kind: v.literal('DeployResult'),
  environment: v.string(),
  commit: v.string(),
  outcome: v.picklist(OUTCOMES),
  verdict: v.picklist(VERDICTS),
  release: v.string(),
  previousRelease: v.string(),
  targets: v.array(Target),
  changes: v.number(),
  planHash: v.string(),
  plan: v.array(ChangeSchema),
  evidence: v.array(Evidence),
  warnings: v.array(v.string()),
  timingsMs: v.record(v.string(), v.number()),
  error: v.optional(v.strictObject({ code: v.string(), attempted: v.string(), seen: v.string(), remedy: v.string() })),
});

export type DeployResultFile = v.InferOutput<typeof DeployResultFile>;

/** The result as data for machines. */
export function deployResultFile(
  scope: { readonly environment: string; readonly commit: string },
  result: DeployResult,
  timings: ReadonlyMap<string, number>,
): DeployResultFile {
  const { plan, verdict, error } = result;
  return v.parse(DeployResultFile, {
    apiVersion: 'gitops/v1',
    kind: 'DeployResult',
    environment: scope.environment,
    commit: scope.commit,
    outcome: result.outcome,
    verdict: verdict?.verdict ?? 'unknown',
    release: result.release,
    previousRelease: result.previousRelease,
    targets: result.targets,
    changes: effective(plan?.changes ?? []).length,
    planHash: plan?.hash ?? '',
    plan: plan?.changes ?? [],
    evidence: verdict?.evidence ?? [],
    warnings: plan?.warnings ?? [],
    timingsMs: Object.fromEntries([...timings].map(([phase, ms]) => [phase, Math.round(ms)])),
    ...(error && { error: { code: error.code, attempted: error.attempted, seen: error.seen, remedy: error.remedy } }),
  });
}
