import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '..', '..');
const page = 'docs/workflows.md';

/** GitHub hands every scalar of `with:` over as text. */
const Scalar = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));

const Step = v.object({
  uses: v.optional(v.string(), ''),
  run: v.optional(v.string(), ''),
  env: v.optional(v.record(v.string(), Scalar), {}),
  with: v.optional(v.record(v.string(), Scalar), {}),
});

const Concurrency = v.object({
  group: v.string(),
  queue: v.optional(v.string(), 'single'),
  'cancel-in-progress': v.optional(Scalar, 'false'),
});

const Job = v.object({
  if: v.optional(v.string(), 'true'),
  'runs-on': v.optional(v.unknown()),
  /** Its name, however it is written. */
  environment: v.optional(
    v.union([
      v.string(),
      v.pipe(
        v.object({ name: v.string() }),
        v.transform(({ name }) => name),
      ),
    ]),
  ),
  permissions: v.optional(v.unknown()),
  concurrency: v.optional(Concurrency),
  'timeout-minutes': v.optional(v.number()),
  steps: v.array(Step),
});

const Workflow = v.object({
  name: v.optional(v.string(), ''),
  on: v.object({
    push: v.optional(v.object({ branches: v.array(v.string()), paths: v.optional(v.array(v.string())) })),
    pull_request: v.optional(v.nullable(v.unknown())),
    pull_request_target: v.optional(v.nullable(v.unknown())),
    workflow_dispatch: v.optional(
      v.object({ inputs: v.object({ environment: v.object({ options: v.array(v.string()) }) }) }),
    ),
  }),
  permissions: v.optional(v.unknown()),
  concurrency: v.optional(Concurrency),
  jobs: v.record(v.string(), Job),
});

export type Concurrency = v.InferOutput<typeof Concurrency>;
export type Step = v.InferOutput<typeof Step>;
export type Job = v.InferOutput<typeof Job>;
/** The part of a workflow that our rules and tests look at. */
export type Workflow = v.InferOutput<typeof Workflow>;

/** A workflow as text. One from the page of the documentation has the page's name and the number of its block as `path`. */
export interface WorkflowFile {
  readonly path: string;
  readonly text: string;
}

/** The workflows of this repository, and those that its documentation offers for copying. */
export async function workflowFiles(): Promise<readonly WorkflowFile[]> {
  const paths = globSync('.github/workflows/*.{yml,yaml}', { cwd: root });
  const files = await Promise.all(paths.toSorted().map(readWorkflowFile));
  return [...files, ...(await documentedWorkflows())];
}

/** A workflow of this repository by its path from the root. */
export async function readWorkflowFile(path: string): Promise<WorkflowFile> {
  return { path, text: await readFile(join(root, path), 'utf8') };
}

/** The workflow of a name that docs/workflows.md offers for copying. */
export async function documentedWorkflow(name: string): Promise<WorkflowFile> {
  const file = (await documentedWorkflows()).find(({ text }) => parseWorkflowText(text).name === name);
  if (!file) throw new Error(`${page} has no workflow ${name}`);
  return file;
}

/** The workflows that docs/workflows.md offers for copying, as complete as our own. */
export async function documentedWorkflows(): Promise<readonly WorkflowFile[]> {
  return workflowsIn(page);
}

/** The short workflows of the READMEs, which show the action and leave out what is not about it. */
export async function exampleWorkflows(): Promise<readonly WorkflowFile[]> {
  const pages = ['README.md', ...globSync('actions/*/README.md', { cwd: root }).toSorted()];
  return (await Promise.all(pages.map(workflowsIn))).flat();
}

/** Every block of a page that is a whole workflow. */
async function workflowsIn(pagePath: string): Promise<readonly WorkflowFile[]> {
  const blocks = (await readFile(join(root, pagePath), 'utf8')).matchAll(/^```yaml\n(?<text>.*?)^```$/gms);
  return [...blocks]
    .map(({ groups }, index) => ({ path: `${pagePath}#${index + 1}`, text: groups?.['text'] ?? '' }))
    .filter(({ text }) => /^jobs:/m.test(text));
}

/** Reads a workflow. Throws `ValiError` for what our tests would not understand, such as a trigger without branches. */
export function parseWorkflowText(text: string): Workflow {
  return v.parse(Workflow, parse(text));
}
