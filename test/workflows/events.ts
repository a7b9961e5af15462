import { type Contexts, isTrue } from './expression.ts';
import type { Workflow } from './workflow.ts';

/** What starts a workflow, as far as ours ask. */
export interface WorkflowEvent {
  readonly name: 'push' | 'pull_request' | 'pull_request_target' | 'workflow_dispatch';
  /** Without `refs/heads/`. */
  readonly branch: string;
  readonly sha?: string;
  /** Of a dispatch. */
  readonly environment?: string;
  /** Of a pull request. */
  readonly number?: number;
  /** The repository that a pull request comes from; this one if left out. */
  readonly headRepository?: string;
  readonly runId?: string;
}

/** The contexts of a run that `event` has started. `inputs` is empty except for a dispatch. */
export function contextsOf(event: WorkflowEvent, secrets: Readonly<Record<string, string>> = {}): Contexts {
  const { name, branch, sha = '0'.repeat(40), environment, number, runId = '1658821493' } = event;
  const ref = name === 'pull_request' ? `refs/pull/${number}/merge` : `refs/heads/${branch}`;
  return {
    github: {
      event_name: name,
      ...{ ref, sha, ref_name: branch, run_id: runId, repository, workflow: 'workflow' },
      event: number === undefined ? {} : { pull_request: pullRequest(event) },
    },
    inputs: environment === undefined ? {} : { environment },
    vars: {},
    secrets,
  };
}

const repository = 'example/infrastructure';

function pullRequest({ number, sha, headRepository = repository }: WorkflowEvent) {
  return { number, base: { sha: 'b'.repeat(40) }, head: { sha, repo: { full_name: headRepository } } };
}

/** The jobs that run for an event; none if the workflow does not start. */
export function jobsFor(workflow: Workflow, event: WorkflowEvent): readonly string[] {
  if (!starts(workflow, event)) return [];
  const contexts = contextsOf(event);
  return Object.entries(workflow.jobs)
    .filter(([, job]) => isTrue(job.if, contexts))
    .map(([id]) => id);
}

/** Branches are compared as they are: none of ours is a pattern. */
function starts({ on }: Workflow, { name, branch }: WorkflowEvent): boolean {
  return name === 'push' ? (on.push?.branches.includes(branch) ?? false) : on[name] !== undefined;
}
