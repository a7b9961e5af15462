import { fenced, messageOf, planComment } from '@gitops/core';
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

/** What telling of plans takes. */
export interface Telling {
  readonly inputs: ValidateInputs;
  readonly reporter: ActionsReporter;
  readonly signal: AbortSignal;
}

/** Half of what GitHub takes, as the findings are in there too. */
const LONGEST_SUMMARY = 500_000;

/** Writes what merging would do into the job summary and, on a pull request, into the one comment that is kept for it. */
export async function tellPlans(report: ValidationReport, telling: Telling): Promise<void> {
  await writeSummary(telling.reporter.redact(planComment(planReport(report), LONGEST_SUMMARY)));
  await comment(planComment(planReport(report, runOfJob(process.env).url)), telling);
}

/** Says in the comment that there is no plan, so that the one of an earlier commit is not taken for that of the newest. */
export async function tellUnplanned(error: unknown, telling: Telling): Promise<void> {
  await comment(`## ❓ Plan: not made\n\n${fenced(messageOf(error))}\n`, telling);
}

async function comment(body: string, { inputs, reporter, signal }: Telling): Promise<void> {
  try {
    const pull = inputs.comment ? await pullRequest() : undefined;
    if (!pull) return;
    if (inputs.token === '') return reporter.say('notice', NO_TOKEN);
    const github = openGitHub({ ...repositoryOfJob(process.env), token: inputs.token, clock: CLOCK, signal });
    const run = runOfJob(process.env);
    const kept = { pullNumber: pull.number, marker: markerOf(inputs), body: reporter.redact(body), run };
    if ((await keepComment(github, kept)) === 'no-permission') reporter.say('notice', NO_PERMISSION);
  } catch (error) {
    reporter.say('warning', `The pull request got no comment: ${messageOf(error)}`);
  }
}

const NO_TOKEN = 'The pull request got no comment: `github-token` is empty.';
const NO_PERMISSION =
  'The pull request got no comment, as the token may not write there; the plan is in the job summary. For forks that is as it ' +
  'should be; else give the job `permissions: pull-requests: write`.';

/** Jobs that look at one environment each keep a comment each. */
function markerOf({ environment }: ValidateInputs): string {
  return environment === '' ? 'plan' : `plan/${environment}`;
}
