import { messageOf, planComment } from '@gitops/core';
import {
  type ActionsReporter,
  keepComment,
  openGitHub,
  pullRequest,
  repositoryOfJob,
  runOfJob,
  type ValidateInputs,
  writeSummary,
} from '@gitops/github';
import { CLOCK, planReport, type ValidationReport } from '@gitops/operations';

/** Writes what merging would do into the job summary and, on a pull request, into the one comment that is kept for it. */
export async function tellPlans(
  report: ValidationReport,
  inputs: ValidateInputs,
  reporter: ActionsReporter,
  signal: AbortSignal,
): Promise<void> {
  const run = runOfJob(process.env);
  await writeSummary(reporter.redact(planComment(planReport(report), LONGEST_SUMMARY)));
  const pull = inputs.comment ? await pullRequest() : undefined;
  if (!pull) return;
  const body = reporter.redact(planComment(planReport(report, run.url)));
  const comment = { pullNumber: pull.number, marker: markerOf(inputs), body, run };
  try {
    if (inputs.token === '')
      return reporter.say('notice', `The pull request got no comment: \`github-token\` is empty.`);
    const github = openGitHub({ ...repositoryOfJob(process.env), token: inputs.token, clock: CLOCK, signal });
    const outcome = await keepComment(github, comment);
    if (outcome === 'no-permission') reporter.say('notice', NO_PERMISSION);
  } catch (error) {
    reporter.say('warning', `The pull request got no comment: ${messageOf(error)}`);
  }
}

/** Half of what GitHub takes, as the findings are in there too. */
const LONGEST_SUMMARY = 500_000;

const NO_PERMISSION =
  'The pull request got no comment, as the token may not write there; the plan is in the job summary. For forks that is as it ' +
  'should be; else give the job `permissions: pull-requests: write`.';

/** Jobs that look at one environment each keep a comment each. */
function markerOf({ environment }: ValidateInputs): string {
  return environment === '' ? 'plan' : `plan/${environment}`;
}
