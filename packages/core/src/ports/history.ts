/** What git knows of the commits before the one that is deployed. */
export interface History {
  /**
   * The commits that the branch was at after `commit`, the newest first and `most` of them at most; none where the deployed one is not newer.
   * `undefined` where git can't tell: it does not know the commit, or not the way from there.
   */
  readonly since: (commit: string, most: number) => Promise<readonly string[] | undefined>;
  /** Whether the file of the environment required approvals at some time; since a commit, if one is given that git knows. */
  readonly requiredApprovals: (since: string | undefined) => Promise<boolean>;
}
