/** A commit as git calls it to people. */
export function shortCommit(commit: string): string {
  return commit.slice(0, 7);
}
