import {
  type CheckedStack,
  checkStack,
  type LintedStack,
  lintStack,
  registryFindings,
  UNKNOWN_VALUE,
} from '@gitops/compose';
import {
  type Environment,
  type Finding,
  loadEnvironment,
  PathOutsideError,
  type Reporter,
  type RepositoryView,
  type StackSpec,
  secretValues,
  type UploadedFile,
  type YamlFile,
} from '@gitops/core';
import { type NamedSecret, SopsError } from '@gitops/secrets';
import { openStackSecrets, partsOf } from '../open-stack-secrets.ts';
import { type Sketch, sketchVariables } from './sketch-variables.ts';
import { unopened } from './unopened.ts';

/** A stack that was read, and the environment it belongs to. */
export interface EnvironmentStack extends LintedStack {
  readonly environment: string;
  /** The files that would go to a host. */
  readonly upload: readonly UploadedFile[];
}

/** What a commit says of one environment, and what is wrong with it. */
export interface CheckedEnvironment {
  readonly name: string;
  readonly environment?: Environment;
  /** The repository with what could be opened of the encrypted files. */
  readonly view: RepositoryView;
  readonly stacks: readonly EnvironmentStack[];
  /** What its encrypted files hold, if there was a key to open them. */
  readonly secrets: readonly NamedSecret[];
  /** Whether all variables have the values that a deployment from this checkout would give them. */
  readonly isWhole: boolean;
  readonly findings: readonly Finding[];
  /** The files of its stacks as they were parsed. */
  readonly parsed: readonly YamlFile[];
}

/** Reads and judges an environment by itself, offline. Without keys the values of encrypted files stay unknown. */
export async function checkEnvironment(
  view: RepositoryView,
  name: string,
  keys: readonly string[],
  reporter: Reporter,
): Promise<CheckedEnvironment> {
  try {
    return await check(view, name, keys, reporter);
  } catch (error) {
    if (!(error instanceof PathOutsideError)) throw error;
    const { path, seen, remedy } = error;
    const finding: Finding = { rule: 'config/path-outside', severity: 'error', file: path, message: seen, remedy };
    return unread(name, view, [finding]);
  }
}

async function check(
  view: RepositoryView,
  name: string,
  keys: readonly string[],
  reporter: Reporter,
): Promise<CheckedEnvironment> {
  const { environment, findings } = await loadEnvironment(view, name);
  if (!environment) return unread(name, view, findings);
  const opened = await open(view, environment.stacks, keys, reporter);
  const readable = environment.stacks.filter((spec) => !opened.unreadable.has(spec));
  const checked = await Promise.all(readable.map((spec) => checkStack(opened.view, spec.name, spec.folder)));
  const secret = checked.flatMap(({ loaded }) => secretValues(loaded.stack?.variables ?? {}));
  reporter.mask(secret.flatMap((value) => [value, ...partsOf(value)]));
  const stacks = checked.flatMap((stack, index) => lintable(environment, readable[index], stack));
  const found = [
    ...checked.flatMap((stack) => stack.findings),
    ...stacks.flatMap(lintStack),
    ...registryFindings(environment.registries ?? [], checked),
  ];
  return {
    name,
    environment,
    stacks,
    ...{ view: opened.view, secrets: opened.secrets, isWhole: opened.isWhole },
    findings: [...findings, ...opened.findings, ...withoutUnknown(found)],
    parsed: checked.flatMap(({ parsed }) => parsed),
  };
}

/** There is no telling what is wrong with stacks of which nobody knows where they are. */
function unread(name: string, view: RepositoryView, findings: readonly Finding[]): CheckedEnvironment {
  const file = `environments/${name}/environment.yml`;
  const message = `the Compose files of ${name} were not read, as its own files have to be mended first`;
  const remedy = 'mend what is said of them, and validate again';
  const note: Finding = { rule: 'config/stacks-not-read', severity: 'info', file, line: 1, column: 1, message, remedy };
  return { name, view, stacks: [], secrets: [], isWhole: false, findings: [...findings, note], parsed: [] };
}

type Opened = Sketch & Pick<CheckedEnvironment, 'secrets'>;

async function open(
  view: RepositoryView,
  stacks: readonly StackSpec[],
  keys: readonly string[],
  reporter: Reporter,
): Promise<Opened> {
  const findings: Finding[] = [];
  if (keys.length > 0) {
    try {
      const { view: decrypted, values } = await openStackSecrets(view, stacks, { identities: keys }, reporter);
      const sketch = await sketchVariables(decrypted, stacks.map(asOpened));
      return { ...sketch, secrets: values };
    } catch (error) {
      if (!(error instanceof SopsError)) throw error;
      findings.push(unopened(error));
    }
  }
  const sketch = await sketchVariables(view, stacks);
  return { ...sketch, secrets: [], findings: [...findings, ...sketch.findings] };
}

/** What was opened needs no sketch. */
function asOpened({ secrets: _, ...spec }: StackSpec): StackSpec {
  return spec;
}

/** Nothing can be said of what hangs on a value that is not known; every message shows the value it is about. */
function withoutUnknown(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ message }) => !message.includes(UNKNOWN_VALUE));
}

function lintable(
  environment: Environment,
  spec: StackSpec | undefined,
  { project, loaded }: CheckedStack,
): readonly EnvironmentStack[] {
  const target = environment.targets.find(({ name }) => name === spec?.target);
  return spec && project && target
    ? [{ spec, project, target, environment: environment.name, upload: loaded.stack?.upload ?? [] }]
    : [];
}
