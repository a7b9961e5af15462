import type * as v from 'valibot';

/** One request to the REST API. */
export interface ApiRequest {
  /** What an error says was attempted: `read the comments of pull request 12`. */
  readonly attempted: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** As GitHub documents it: `/repos/{owner}/{repo}/issues/{issue_number}/comments`. `owner` and `repo` are filled in. */
  readonly route: string;
  /** What else the route names, and the query or the body. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** Whether asking twice is the same as asking once. `POST` is not, if nothing else is said; everything else is. */
  readonly isIdempotent?: boolean;
}

/** One repository on GitHub, with somebody's token. Every question throws `GitHubApiError` where it is not answered. */
export interface GitHubApi {
  /** `owner/name`. */
  readonly repository: string;
  /** Asks once. What does not read as the schema says is an error as well. */
  ask<const Schema extends v.GenericSchema>(request: ApiRequest, schema: Schema): Promise<v.InferOutput<Schema>>;
  /** Asks for a list, page by page, to its end; `each` is the schema of an element. */
  askAll<const Schema extends v.GenericSchema>(
    request: ApiRequest,
    each: Schema,
  ): Promise<readonly v.InferOutput<Schema>[]>;
}
