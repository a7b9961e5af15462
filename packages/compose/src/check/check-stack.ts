import type { Finding, Place, RepositoryView } from '@gitops/core';
import type { LoadedStack } from '../load/index.ts';
import { readStack, type StackReading } from '../load/load-stack.ts';
import { Faults } from './faults.ts';
import { loadModel } from './load-model.ts';
import { normalized } from './normalized.ts';
import { Origins, placeOfSpot, type Step } from './origins.ts';
import type { PlainMap } from './plain.ts';
import { projectFaults } from './project-faults.ts';
import type { ProjectModel } from './project-model.ts';
import { typedProject } from './typed-project.ts';

/** A stack as Compose would merge it, without a host. */
export interface ComposeProject {
  readonly name: string;
  /**
   * As `docker compose config --format json` prints it, with every profile and every resource, with paths relative to
   * the root of the repository, and without what is in env files.
   */
  readonly model: ProjectModel;
  /** Where a value of the model was written; the nearest parent's place if nobody wrote it. */
  readonly placeOf: (path: readonly (string | number)[]) => Place;
}

export interface CheckedStack {
  readonly loaded: LoadedStack;
  /** There if all files could be read and merged, and the schema accepts the outcome. */
  readonly project?: ComposeProject;
  /** Those of `loaded` first. */
  readonly findings: readonly Finding[];
}

/** Says whether Compose would accept a stack, without Docker. Never throws for bad input. */
export async function checkStack(view: RepositoryView, name: string, folder: string): Promise<CheckedStack> {
  const { loaded, read } = await readStack(view, name, folder);
  if (!read) return { loaded, findings: loaded.findings };
  const [main = ''] = read.project.files;
  const faults = new Faults(new Origins(), main);
  const model = await modelOf(view, name, read, faults);
  const project = model && composeProject(name, model, faults);
  const findings = [...loaded.findings, ...unsaid(faults.findings, loaded.findings)];
  return { loaded, findings, ...(project && { project }) };
}

async function modelOf(
  view: RepositoryView,
  name: string,
  { reader, project }: NonNullable<StackReading['read']>,
  faults: Faults,
): Promise<PlainMap | undefined> {
  const { files, base, variables } = project;
  const set = { files, base, folder: base, variables, includedBy: [] };
  const merged = await loadModel(set, { view, reader, faults });
  if (!merged) return undefined;
  const complete = normalized(typedProject(merged, faults), name, variables, faults);
  projectFaults(complete, faults);
  return complete;
}

function composeProject(name: string, model: PlainMap, { origins, file }: Faults): ComposeProject | undefined {
  if (!isProjectModel(model)) return undefined;
  const placeOf = (path: readonly Step[]): Place => {
    const spot = origins.nearest(model, path);
    return spot ? placeOfSpot(spot) : { file };
  };
  return { name, model, placeOf };
}

/** The schema has been asked before. */
function isProjectModel(model: unknown): model is ProjectModel {
  return typeof model === 'object' && model !== null;
}

/** A value that lacks a variable is said once. */
function unsaid(findings: readonly Finding[], said: readonly Finding[]): readonly Finding[] {
  const lines = new Set(said.filter(({ rule }) => rule.endsWith('-variable')).map(lineOf));
  return lines.size === 0 ? findings : findings.filter((finding) => !lines.has(lineOf(finding)));
}

function lineOf({ file, line }: Finding): string {
  return `${file}:${line}`;
}
