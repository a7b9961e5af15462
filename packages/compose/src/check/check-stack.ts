import type { Finding, Place, RepositoryView } from '@gitops/core';
import { type LoadedStack, loadStack } from '../load/index.ts';
import type { ProjectModel } from './project-model.ts';

/** A stack as Compose would merge it, without a host. */
export interface ComposeProject {
  readonly name: string;
  /**
   * As `docker compose config --format json` prints it, with every profile, and with paths relative to the root of
   * the repository.
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
  const loaded = await loadStack(view, name, folder);
  return { loaded, findings: loaded.findings };
}
