import { listEnvironments } from '@gitops/core';
import { openRepository } from '@gitops/repository';

/** The names of the environments of the checked-out commit, sorted. Throws `GitopsError`. */
export async function environmentsIn(directory: string): Promise<readonly string[]> {
  return listEnvironments(await openRepository(directory));
}
