import { expect, test } from 'vitest';
import { contextsOf, jobsFor } from './events.ts';
import { interpolate } from './expression.ts';
import { documentedWorkflow, parseWorkflowText, readWorkflowFile, type Workflow } from './workflow.ts';

const workflow = parseWorkflowText((await readWorkflowFile('.github/workflows/validate.yml')).text);
const target = { name: 'pull_request_target', branch: 'main', number: 7, sha: 'a'.repeat(40) } as const;

test('what a pull request brings along runs alone, without a secret and on no machine of ours', () => {
  expect(jobsFor(workflow, { name: 'pull_request', branch: 'topic', number: 7 })).toEqual(['validate']);
  expect(JSON.stringify(workflow.jobs['validate'])).not.toMatch(/secrets|self-hosted|"environment"/);
});

test('the plan is made for pull requests of the repository itself, never for those of a fork', () => {
  expect(jobsFor(workflow, target)).toEqual(['plan']);
  expect(jobsFor(workflow, { ...target, headRepository: 'stranger/infrastructure' })).toEqual([]);
});

test('the plan runs the code of the base branch, with the files of the pull request beside it', () => {
  const [code, files, plan] = workflow.jobs['plan']?.steps ?? [];
  const evaluated = (text = '') => interpolate(text, contextsOf(target));
  expect([evaluated(code?.with['ref']), code?.with['path']]).toEqual(['b'.repeat(40), undefined]);
  expect([evaluated(files?.with['ref']), files?.with['path']]).toEqual(['a'.repeat(40), 'proposed']);
  expect([plan?.uses, plan?.with['working-directory']]).toEqual(['./actions/validate-config', 'proposed']);
});

test('the key of the plan is that of an environment of its own', () => {
  expect(workflow.jobs['plan']?.environment).toBe('plan');
  expect(JSON.stringify(workflow)).not.toContain('DEPLOY_KEY');
});

test('the documented workflow is the same, but for the checkout that brings our own action', async () => {
  const documented = parseWorkflowText((await documentedWorkflow('validate')).text);
  const published = 'OWNER/gitops-coordinator/actions/validate-config@v1';
  const own = JSON.stringify(withoutCodeOfBase(workflow)).replaceAll('./actions/validate-config', published);
  expect(documented).toEqual(JSON.parse(own));
});

function withoutCodeOfBase({ jobs: { plan, ...jobs }, ...rest }: Workflow): unknown {
  return { ...rest, jobs: { ...jobs, plan: { ...plan, steps: plan?.steps.slice(1) } } };
}
