import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { exampleStacks } from '../lab/example-repository.ts';
import { contextsOf, jobsFor } from './events.ts';
import { interpolate } from './expression.ts';
import { documentedWorkflow, parseWorkflowText, readWorkflowFile, type Step, type Workflow } from './workflow.ts';

const root = join(import.meta.dirname, '..', '..');
const deploy = await read('.github/workflows/deploy.yml');
const ci = await read('.github/workflows/ci.yml');
const documented = parseWorkflowText((await documentedWorkflow('deploy')).text);
const names = Object.keys(deploy.jobs);
const environmentFiles = globSync('environments/*/environment.yml', { cwd: root });
const Environment = v.object({ branch: v.optional(v.string()) });

test('a push to main deploys every environment of main, and one to another branch none', () => {
  expect(jobsFor(deploy, { name: 'push', branch: 'main' })).toEqual(['production', 'staging', 'development']);
  expect(jobsFor(documented, { name: 'push', branch: 'main' })).toEqual(['production']);
  for (const workflow of [deploy, documented]) {
    expect(jobsFor(workflow, { name: 'push', branch: 'topic' })).toEqual([]);
    expect(jobsFor(workflow, { name: 'pull_request', branch: 'topic', number: 7 })).toEqual([]);
  }
});

test.each(names)('a dispatch for %s deploys that environment alone, and only from its branch', (environment) => {
  const dispatch = { name: 'workflow_dispatch', environment } as const;
  expect(jobsFor(deploy, { ...dispatch, branch: 'main' })).toEqual([environment]);
  expect(jobsFor(deploy, { ...dispatch, branch: 'topic' })).toEqual([]);
});

function actionsOf(steps: readonly Step[]): readonly Step[] {
  return steps.filter(({ uses }) => uses !== '');
}

test('each environment can be chosen, and its job, queue and GitHub environment bear its name', () => {
  for (const workflow of [deploy, documented]) {
    expect(workflow.on.workflow_dispatch?.inputs.environment.options).toEqual(Object.keys(workflow.jobs));
    for (const [name, { environment, concurrency, steps }] of Object.entries(workflow.jobs)) {
      expect(environment).toBe(name);
      expect(concurrency).toEqual({ group: `deploy-${name}`, queue: 'max', 'cancel-in-progress': 'false' });
      expect(actionsOf(steps).map((step) => step.with['environment'])).toEqual([undefined, name]);
    }
  }
});

test('the jobs differ in nothing but the name of their environment, also from the documented one', () => {
  const generic = (workflow: Workflow) =>
    Object.entries(workflow.jobs).map(([name, job]) =>
      JSON.stringify({ ...job, steps: actionsOf(job.steps) })
        .replaceAll(name, 'NAME')
        .replaceAll('OWNER/gitops-coordinator/actions/deploy@v1', './actions/deploy'),
    );
  expect(new Set([...generic(deploy), ...generic(documented)]).size).toBe(1);
});

test('every job of deploy.yml writes the variables of its reader where their example lies', () => {
  for (const [name, { steps }] of Object.entries(deploy.jobs)) {
    const [, folder] = steps.map(({ run }) => / > (.+)\/\.env$/.exec(run)).find((match) => match !== null) ?? [];
    expect(folder).toMatch(new RegExp(`^environments/${name}(/reader)?$`));
    expect(exampleStacks).toContain(folder);
  }
});

test.each(environmentFiles)('deploy.yml deploys what %s describes on pushes to its branch alone', async (path) => {
  const { branch } = v.parse(Environment, parse(await readFile(join(root, path), 'utf8')));
  const name = path.split('/')[1] ?? '';
  const deploying = deploy.on.push?.branches.filter((each) =>
    jobsFor(deploy, { name: 'push', branch: each }).includes(name),
  );
  expect(deploying).toEqual(branch === undefined ? [] : [branch]);
});

test.each(globSync('gitops.yml', { cwd: root }))('every job of deploy.yml has its environment beside %s', () => {
  const existing = environmentFiles.map((path) => path.split('/')[1]);
  expect(existing).toEqual(expect.arrayContaining(names));
});

test('a newer run of a pull request ends the older one, and no run ends one of another', () => {
  const group = (event: Parameters<typeof contextsOf>[0]) =>
    interpolate(ci.concurrency?.group ?? '', contextsOf(event));
  const pull = { name: 'pull_request', branch: 'topic' } as const;
  const push = { name: 'push', branch: 'main' } as const;
  expect(ci.concurrency?.['cancel-in-progress']).toBe('true');
  expect(group({ ...pull, number: 7, runId: '1' })).toBe(group({ ...pull, number: 7, runId: '2' }));
  expect(group({ ...pull, number: 7 })).not.toBe(group({ ...pull, number: 8 }));
  expect(group({ ...push, runId: '1' })).not.toBe(group({ ...push, runId: '2' }));
});

test('every pull request and every commit of main is checked', () => {
  expect(jobsFor(ci, { name: 'pull_request', branch: 'topic', number: 7 })).toEqual(['test']);
  expect(jobsFor(ci, { name: 'push', branch: 'main' })).toEqual(['test']);
});

async function read(path: string): Promise<Workflow> {
  return parseWorkflowText((await readWorkflowFile(path)).text);
}
