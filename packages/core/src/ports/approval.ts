/** Whether somebody has agreed to a commit. */
export type Approval = Approved | { readonly isApproved: false; readonly why: string };

/** A commit that came in by a pull request, and who approved that. */
export interface Approved {
  readonly isApproved: true;
  readonly pull: number;
  readonly by: readonly string[];
}

/**
 * Asks whether a commit was approved on its way to a branch; `undefined` is the repository's default branch. Throws what kept it from
 * an answer: what can't be read is not approved.
 */
export type ApprovalCheck = (commit: string, branch: string | undefined) => Promise<Approval>;
