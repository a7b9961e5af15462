export { openCommit, openCommonCommit } from './commit-view.ts';
export { commitFiles, type GitState, readGitState, startRepository } from './fresh-repository.ts';
export { commitsSince, everSaid } from './history.ts';
export { openFolder } from './open-folder.ts';
export { openRepository } from './open-repository.ts';
export { originOf } from './origin.ts';
export type { RegularFile, WorkTree } from './work-tree.ts';
