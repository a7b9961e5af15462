import { deployResultFile } from '@gitops/core';
import type { DeployReport, Placement } from '@gitops/operations';
import type { Prepared } from './init-command.ts';

/** What was written, and what git knows of it. */
export interface Written extends Placement {
  /** Paths to commit: all but secrets. */
  readonly forGit: readonly string[];
  readonly madeRepository: boolean;
  readonly committed: boolean;
  /** There is a commit, so that a plan can be made. */
  readonly hasCommit: boolean;
}

/** The end of `init` as data for machines. */
export function initResult({ answers, checked, draft }: Prepared, written: Written, report: DeployReport | undefined) {
  const paths = (files: readonly { readonly path: string }[]) => files.map(({ path }) => path);
  return {
    apiVersion: 'gitops/v1',
    kind: 'InitResult',
    environment: answers.environment,
    project: answers.project,
    written: paths(written.fresh),
    unchanged: paths(written.same),
    kept: paths(written.kept),
    secrets: draft.secrets.map(({ path, secretName }) => ({ path, secretName })),
    notCopied: draft.left,
    committed: written.committed,
    toCommit: written.committed ? [] : written.forGit,
    action: draft.action,
    checks: checked?.checks ?? [],
    projects: checked?.projects ?? [],
    ...(report && { plan: deployResultFile(report, report.result, report.timings) }),
  };
}
