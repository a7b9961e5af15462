import type { Finding, Place, RepositoryView, YamlFile } from '@gitops/core';
import type { LoadedStack } from '../load/index.ts';
import { readStack, type StackReading } from '../load/load-stack.ts';
import { Faults } from './faults.ts';
import { checkEnvFile, loadModel, type Reading } from './load-model.ts';
import { normalized } from './normalized.ts';
import { Origins, placeOfSpot, type Step } from './origins.ts';
import { listOf, mapOf, type PlainMap } from './plain.ts';
import { projectFaults } from './project-faults.ts';
import type { ProjectModel } from './project-model.ts';
import { typedProject } from './typed-project.ts';

/** A stack as Compose would merge it, without a host. */
export interface ComposeProject {
  readonly name: string;
  /**
   * As `docker compose config --format json` prints it, with every profile and every resource, with paths relative to
   * the root of the repository, and without what is in env files. May hold secrets.
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
  /** Its files as they were parsed, for who looks for something else in them. */
  readonly parsed: readonly YamlFile[];
}

type Read = NonNullable<StackReading['read']>;

/** Says whether Compose would accept a stack, without Docker. Never throws for bad input. */
export async function checkStack(view: RepositoryView, name: string, folder: string): Promise<CheckedStack> {
  const { loaded, read } = await readStack(view, name, folder);
  if (!read) return { loaded, findings: loaded.findings, parsed: [] };
  const [main = ''] = read.project.files;
  const faults = new Faults(new Origins(), main);
  const reading = { view, reader: read.reader, faults };
  if (loaded.stack?.envFile) await checkEnvFile(loaded.stack.envFile, {}, reading);
  const model = await modelOf(name, read, reading);
  const project = model && composeProject(name, model, faults);
  const findings = [...loaded.findings, ...unsaid(faults.findings, loaded.findings)];
  return { loaded, findings, parsed: await read.reader.parsedFiles(), ...(project && { project }) };
}

async function modelOf(name: string, { project }: Read, reading: Reading): Promise<PlainMap | undefined> {
  const { files, base, variables } = project;
  const { faults } = reading;
  const merged = await loadModel({ files, base, folder: base, variables, includedBy: [] }, reading);
  if (!merged) return undefined;
  const complete = normalized(typedProject(merged, faults), name, variables, faults);
  projectFaults(complete, faults);
  await checkEnvFiles(complete, project, reading);
  return complete;
}

/** Those of services; one that is not there is no matter of this. */
async function checkEnvFiles(model: PlainMap, { variables }: Read['project'], reading: Reading): Promise<void> {
  const services = Object.values(mapOf(model['services'])).map(mapOf);
  const entries = services.flatMap((service) => listOf(service['env_file'])).map(mapOf);
  const paths = entries.flatMap(({ path, format }) => (typeof path === 'string' && format !== 'raw' ? [path] : []));
  for (const path of new Set(paths)) {
    const kind = path.startsWith('../') ? undefined : await reading.view.stat(path).catch(() => undefined);
    if (kind === 'file') await checkEnvFile(path, variables, reading);
  }
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
