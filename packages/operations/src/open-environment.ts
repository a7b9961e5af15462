import {
  ConfigurationError,
  type Environment,
  loadEnvironment,
  type Reporter,
  type RepositoryView,
} from '@gitops/core';
import { openRepository } from '@gitops/repository';

export interface OpenedEnvironment {
  readonly view: RepositoryView;
  readonly environment: Environment;
}

/** The checked-out commit and what it says of one environment. Throws `ConfigurationError` and `GitopsError`. */
export async function openEnvironment(directory: string, name: string, reporter: Reporter): Promise<OpenedEnvironment> {
  const view = await openRepository(directory);
  const { environment, findings } = await loadEnvironment(view, name);
  reporter.findings(
    findings.filter(({ severity }) => severity !== 'error'),
    view.prefix,
  );
  if (!environment) throw new ConfigurationError(findings, view.prefix);
  return { view, environment };
}
