import type { Environment, Finding } from '../model.ts';
import type { RepositoryView } from '../repository-view.ts';
import { assembleEnvironment } from './assemble-environment.ts';
import { readAuthorities } from './probe-authorities.ts';
import { type EnvironmentFile, type Read, readEnvironmentFile, readGitopsFile } from './read-configuration.ts';
import { NAME } from './schema.ts';

/** What was loaded; without an environment, at least one finding is an error. */
export interface LoadedEnvironment {
  readonly environment?: Environment;
  readonly findings: readonly Finding[];
}

/**
 * Reads `gitops.yml`, `environments/<environment>/environment.yml` and the `known_hosts` beside it.
 * Reports everything that is wrong at once. Throws only what the view throws (`path-outside`).
 */
export async function loadEnvironment(view: RepositoryView, environment: string): Promise<LoadedEnvironment> {
  if (!NAME.test(environment)) return { findings: [badName(environment)] };
  const folder = `environments/${environment}`;
  const [gitopsText, environmentText, knownHosts] = await Promise.all([
    textOf(view, 'gitops.yml'),
    textOf(view, `${folder}/environment.yml`),
    textOf(view, `${folder}/known_hosts`),
  ]);
  const gitops = gitopsText === undefined ? undefined : readGitopsFile('gitops.yml', gitopsText);
  const gitopsFindings = gitops?.findings ?? [missingGitopsFile()];
  if (environmentText === undefined) {
    return { findings: [...gitopsFindings, await missingEnvironment(view, environment)] };
  }
  const place = { repositoryName: gitops?.value?.name ?? '', name: environment, folder };
  const read = readEnvironmentFile(`${folder}/environment.yml`, environmentText);
  const loaded = assembleEnvironment(place, read, await readAuthorities(view, folder, read));
  const missing = await missingSecrets(view, read, loaded.environment);
  const findings = [...gitopsFindings, ...loaded.findings, ...missing];
  if (!loaded.environment || !gitops?.value || missing.length > 0) return { findings };
  return { environment: { ...loaded.environment, ...(knownHosts === undefined ? {} : { knownHosts }) }, findings };
}

/** Names of the environments the repository has, sorted. */
export async function listEnvironments(view: RepositoryView): Promise<readonly string[]> {
  const paths = await view.paths('environments');
  return paths.flatMap((path) => /^environments\/([^/]+)\/environment\.yml$/.exec(path)?.[1] ?? []).sort();
}

async function textOf(view: RepositoryView, path: string): Promise<string | undefined> {
  if ((await view.stat(path)) !== 'file') return undefined;
  return (await view.read(path)).toString('utf8');
}

/** Encrypted files that stacks name and the repository does not have. */
async function missingSecrets(
  view: RepositoryView,
  { source }: Read<EnvironmentFile>,
  environment: Environment | undefined,
): Promise<readonly Finding[]> {
  const paths = (environment?.stacks ?? []).map(({ secrets }) => secrets);
  const kinds = await Promise.all(paths.map((path) => path !== undefined && view.stat(path)));
  return paths.flatMap((path, index): readonly Finding[] => {
    if (path === undefined || kinds[index] === 'file') return [];
    const place = { file: source.file, ...source.root?.at(['stacks', index, 'secrets'])?.position };
    const message = `\`${path}\` ${kinds[index] === 'folder' ? 'is a folder' : 'does not exist'}`;
    const remedy = 'write the path of a file that SOPS has encrypted, relative to this file';
    return [{ rule: 'config/missing-file', severity: 'error', ...place, message, remedy }];
  });
}

function badName(environment: string): Finding {
  return {
    rule: 'config/environment-name',
    severity: 'error',
    file: 'environments',
    message: `${JSON.stringify(environment)} is not a name of an environment`,
    remedy: 'use lower-case letters, digits, `-` and `_`, beginning with a letter or a digit',
  };
}

function missingGitopsFile(): Finding {
  return {
    rule: 'config/missing-file',
    severity: 'error',
    file: 'gitops.yml',
    message: 'the file is missing at the root of the repository',
    remedy:
      'create it with `apiVersion: gitops/v1` and `name: …`, or set `working-directory` (`-C` on the command line) to the folder that holds it',
  };
}

async function missingEnvironment(view: RepositoryView, environment: string): Promise<Finding> {
  const existing = await listEnvironments(view);
  return {
    rule: 'config/missing-file',
    severity: 'error',
    file: `environments/${environment}/environment.yml`,
    message: `there is no environment \`${environment}\``,
    remedy:
      existing.length === 0
        ? 'create this file; the repository has no environments yet'
        : `use one of ${existing.map((name) => `\`${name}\``).join(', ')}, or create this file`,
  };
}
