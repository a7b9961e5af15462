import { lintTogether } from '@gitops/compose';
import {
  type Environment,
  type Finding,
  listEnvironments,
  loadEnvironment,
  type Reporter,
  type RepositoryView,
  type RuleLevels,
  readGitopsFile,
  ruleLevelFindings,
  SECRET_DEFAULTS,
} from '@gitops/core';
import { openCommit, openCommonCommit, openRepository } from '@gitops/repository';
import { ALL_RULES } from './all-rules.ts';
import { type CheckedEnvironment, checkEnvironment } from './check-environment.ts';
import { type Comparison, compareWithBase } from './compare-with-base.ts';
import { judgeFound } from './judge-found.ts';
import { secretFindings, trackedFiles } from './secret-findings.ts';
import { shownFindings } from './shown-findings.ts';

export interface ValidateRequest {
  readonly workingDirectory: string;
  /** Empty: all of them. */
  readonly environment: string;
  /** age identities. None: encrypted files are looked at without being opened. */
  readonly ageKeys: readonly string[];
  /** The commit that this one is to be merged into; empty: the commit is judged by itself. */
  readonly base: string;
  readonly reporter: Reporter;
  readonly today: Date;
}

export interface Validation {
  readonly commit: string;
  /** The folder of the repository's root within its git work tree, empty or with a `/` at its end. */
  readonly folder: string;
  readonly environments: readonly CheckedEnvironment[];
  /** At the levels that `gitops.yml` sets, worst first, without what the baseline knows. */
  readonly findings: readonly Finding[];
  /** All of them, to make a baseline of. */
  readonly all: readonly Finding[];
  /** How many the baseline knows. */
  readonly known: number;
  readonly levels: RuleLevels;
  /** The commit that it was compared with. */
  readonly base?: string;
  readonly differences: Comparison['differences'];
  /** What exactly the commit that it is to be merged into says of environments: whoever proposes a change does not choose it. */
  readonly trusted: ReadonlyMap<string, Environment>;
}

/** Says what is wrong with the checked-out commit, offline. Throws what the repository throws. */
export async function validateRepository(request: ValidateRequest): Promise<Validation> {
  const { ageKeys, reporter } = request;
  const view = await openRepository(request.workingDirectory);
  const [names, base, rules] = await Promise.all([
    namesOf(view, request.environment),
    baseOf(view, request.base),
    readRules(view),
  ]);
  const environments = await Promise.all(names.map((name) => checkEnvironment(view, name, ageKeys, reporter)));
  const { files, findings: unsearched } = await trackedFiles(view);
  const [secrets, compared] = await Promise.all([
    secretFindings({ files, base, environments, rules: rules.secrets, today: request.today }),
    base ? compareWithBase({ view, base, environments, reporter }) : NOT_COMPARED,
  ]);
  const found = [
    ...rules.findings,
    ...(names.length === 0 ? [noEnvironments()] : []),
    ...(await misnamedEnvironments(view)),
    ...environments.flatMap((environment) => environment.findings),
    ...lintTogether(environments.flatMap(({ stacks }) => stacks)),
    ...secrets.filter(isAbout(request.environment)),
    ...unsearched,
    ...compared.findings,
    ...(request.base !== '' && !base ? [unknownBase(request.base)] : []),
  ];
  const isEverything = request.environment === '' && environments.every(({ isWhole }) => isWhole);
  return {
    ...{ commit: view.commit, folder: view.prefix, environments, levels: rules.levels },
    ...{
      differences: compared.differences,
      trusted: base ? await environmentsAt(view, request.base, names) : new Map(),
      ...(base && { base: base.commit }),
    },
    ...(await judgeFound({ view, files, found: shownFindings(found, reporter), levels: rules.levels, isEverything })),
  };
}

const NOT_COMPARED: Comparison = { findings: [], differences: new Map() };

/** Of one environment, the files of all others are not asked about. */
function isAbout(environment: string): (finding: Finding) => boolean {
  const own = `environments/${environment}/`;
  return ({ file }) => environment === '' || !file.startsWith('environments/') || file.startsWith(own);
}

async function environmentsAt(view: RepositoryView, revision: string, names: readonly string[]) {
  const at = await openCommit(view, revision);
  if (!at) return new Map<string, Environment>();
  const loaded = await Promise.all(
    names.map(async (name) => [name, (await loadEnvironment(at, name)).environment] as const),
  );
  return new Map(loaded.flatMap(([name, environment]) => (environment ? [[name, environment] as const] : [])));
}

async function namesOf(view: RepositoryView, environment: string): Promise<readonly string[]> {
  return environment === '' ? listEnvironments(view) : [environment];
}

async function baseOf(view: RepositoryView, revision: string): Promise<RepositoryView | undefined> {
  return revision === '' ? undefined : openCommonCommit(view, revision);
}

/** Without a `gitops.yml` every environment says that it is missing. */
async function readRules(view: RepositoryView) {
  const exists = (await view.stat('gitops.yml')) === 'file';
  const read = exists ? readGitopsFile('gitops.yml', (await view.read('gitops.yml')).toString('utf8')) : undefined;
  return {
    levels: read?.value?.rules ?? {},
    secrets: read?.value?.secrets ?? SECRET_DEFAULTS,
    findings: read ? [...read.findings, ...ruleLevelFindings(read, ALL_RULES)] : [],
  };
}

/** A file that nobody reads, of an environment that nobody therefore sees. */
async function misnamedEnvironments(view: RepositoryView): Promise<readonly Finding[]> {
  const paths = await view.paths('environments');
  const misnamed = paths.filter((path) => /^environments\/[^/]+\/environment\.yaml$/.test(path));
  return misnamed.map((file) => {
    const message = 'nobody reads this file, so its folder is no environment';
    return { rule: 'config/misnamed-file', severity: 'warning', file, message, remedy: 'call it `environment.yml`' };
  });
}

function noEnvironments(): Finding {
  const message = 'the repository has no environments';
  const remedy = 'add `environments/<name>/environment.yml`, or let `gitops init` write one';
  return { rule: 'config/missing-file', severity: 'error', file: 'environments', message, remedy };
}

function unknownBase(revision: string): Finding {
  const message = `the commit ${revision.slice(0, 40)} is not in this clone, so what changed is not judged`;
  const remedy = 'let actions/checkout fetch it: `fetch-depth: 0`';
  return { rule: 'config/base-unknown', severity: 'info', file: 'gitops.yml', message, remedy };
}
