import { join } from 'node:path';
import { readActionMetadata } from '../lab/action-metadata.ts';
import { jobsFor } from './events.ts';
import { type Concurrency, type Job, parseWorkflowText, type Step, type Workflow } from './workflow.ts';

const root = join(import.meta.dirname, '..', '..');

type Rule = (workflow: Workflow, text: string) => readonly string[];

/** Our own rules for workflows: what GitHub's parser and actionlint let pass. Returns what breaks them, a line each. */
export function brokenRules(text: string): readonly string[] {
  const workflow = parseWorkflowText(text);
  return rules.flatMap((rule) => rule(workflow, text));
}

const rules: readonly Rule[] = [
  permissionsAtTheTop,
  permissionsOfJobs,
  reasonOfScopes,
  timeLimits,
  legalQueues,
  pinnedActions,
  quietCheckouts,
  scriptsWithoutExpressions,
  strangersWithoutSecrets,
];

function permissionsAtTheTop({ permissions }: Workflow): readonly string[] {
  return JSON.stringify(permissions) === '{}' ? [] : ['the top of the workflow needs `permissions: {}`'];
}

function permissionsOfJobs(workflow: Workflow): readonly string[] {
  return jobsThat(workflow, ({ permissions }) => typeof permissions !== 'object').map(
    (id) => `job ${id} must list its permissions one by one`,
  );
}

/** Scopes are the only lines of a workflow that end in these words. */
function reasonOfScopes(_: Workflow, text: string): readonly string[] {
  const scopes = [...text.matchAll(/^ +(?<scope>[a-z-]+): (?:read|write)\b(?<rest>.*)$/gm)];
  return scopes
    .filter(({ groups }) => !/ # \S/.test(groups?.['rest'] ?? ''))
    .map(({ groups }) => `the permission ${groups?.['scope']} needs its reason in a comment`);
}

function timeLimits(workflow: Workflow): readonly string[] {
  return jobsThat(workflow, (job) => job['timeout-minutes'] === undefined).map(
    (id) => `job ${id} needs timeout-minutes: the default is six hours`,
  );
}

/** GitHub refuses the pair when the workflow runs; its parser lets it pass. */
function legalQueues({ concurrency, jobs }: Workflow): readonly string[] {
  const all = [concurrency, ...Object.values(jobs).map((job) => job.concurrency)].filter((each) => each !== undefined);
  return all.filter(isIllegal).map(({ group }) => `${group}: queue: max can't go with cancel-in-progress`);
}

function isIllegal(concurrency: Concurrency): boolean {
  return concurrency.queue === 'max' && concurrency['cancel-in-progress'] !== 'false';
}

/** The documentation can't name a commit of our own actions: it is part of it. */
const ownAction = /^OWNER\/gitops-coordinator\/actions\/[a-z-]+@(?:v1|REF)$/;
const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

function pinnedActions(_: Workflow, text: string): readonly string[] {
  return [...text.matchAll(/\buses: *(?<uses>\S+)(?<comment> #.*)?$/gm)]
    .map(({ groups }) => ({ uses: groups?.['uses'] ?? '', comment: groups?.['comment'] ?? '' }))
    .filter(({ uses, comment }) => !uses.startsWith('./') && !ownAction.test(uses) && !pinned.test(uses + comment))
    .map(({ uses }) => `${uses} needs the 40 digits of a commit and a comment with its version`);
}

function quietCheckouts({ jobs }: Workflow): readonly string[] {
  return stepsOf(jobs)
    .filter(({ uses }) => uses.startsWith('actions/checkout@'))
    .filter((step) => step.with['persist-credentials'] !== 'false')
    .map(() => 'checkout needs persist-credentials: false, else every later step can read the token');
}

/** A value from outside would be run as part of the script. It belongs into `env:`. */
function scriptsWithoutExpressions({ jobs }: Workflow): readonly string[] {
  return stepsOf(jobs)
    .filter(({ run }) => run.includes('${{'))
    .map(({ run }) => `a script must not contain an expression: ${run.trim()}`);
}

/** A pull request brings its own workflow: what runs for it is what a stranger wrote. */
function strangersWithoutSecrets(workflow: Workflow): readonly string[] {
  const event = { name: 'pull_request', branch: 'topic', number: 1 } as const;
  return jobsFor(workflow, event).flatMap((id) => {
    const job = JSON.stringify(workflow.jobs[id]);
    return [
      ...(/\bsecrets\b/.test(job) ? [`job ${id} runs for pull requests and must not use secrets`] : []),
      ...(/\bself-hosted\b/.test(job) ? [`job ${id} runs for pull requests and must not use our own machines`] : []),
    ];
  });
}

/**
 * What a workflow says to our own actions that their `action.yml` does not know, or lacks. GitHub warns of the first and
 * is silent about the second.
 */
export async function wrongInputs(text: string): Promise<readonly string[]> {
  const steps = stepsOf(parseWorkflowText(text).jobs).filter(({ uses }) => ownActionFolder(uses) !== undefined);
  return (await Promise.all(steps.map(wrongInputsOf))).flat();
}

async function wrongInputsOf(step: Step): Promise<readonly string[]> {
  const { inputs } = await readActionMetadata(ownActionFolder(step.uses) ?? '');
  const unknown = Object.keys(step.with).filter((name) => !Object.hasOwn(inputs, name));
  const required = Object.keys(inputs).filter((name) => inputs[name]?.required === true);
  const missing = required.filter((name) => !Object.hasOwn(step.with, name));
  return [
    ...unknown.map((name) => `${step.uses} has no input ${name}`),
    ...missing.map((name) => `${step.uses} needs the input ${name}`),
  ];
}

/** Where an action of this repository lies, for both ways to name it; undefined for other actions. */
export function ownActionFolder(uses: string): string | undefined {
  const path = uses.startsWith('./') || ownAction.test(uses) ? /actions\/[a-z-]+/.exec(uses)?.[0] : undefined;
  return path === undefined ? undefined : join(root, path);
}

function stepsOf(jobs: Workflow['jobs']): readonly Step[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

function jobsThat({ jobs }: Workflow, predicate: (job: Job) => boolean): readonly string[] {
  return Object.entries(jobs)
    .filter(([, job]) => predicate(job))
    .map(([id]) => id);
}
