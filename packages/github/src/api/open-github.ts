import type { Clock } from '@gitops/core';
import * as v from 'valibot';
import type { ApiReply } from './api-reply.ts';
import type { ApiRequest, GitHubApi } from './github-api.ts';
import { GitHubApiError } from './github-api-error.ts';
import { waitBeforeRetry } from './retry.ts';
import { octokitTransport, type Transport } from './transport.ts';

export interface GitHubOptions {
  readonly token: string;
  /** `https://api.github.com`, or that of a GitHub of one's own. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Of one request; 15 s if left out. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 15_000;
/** The largest pages, so that there are few. */
const PER_PAGE = 100;

/** Opens a repository on GitHub. Nothing is asked, and nothing loaded, until something is asked of it. */
export function openGitHub(options: GitHubOptions): GitHubApi {
  return new RestApi(options, octokitTransport({ ...options, apiUrl: options.apiUrl.replace(/\/+$/, '') }));
}

class RestApi implements GitHubApi {
  readonly repository: string;
  readonly #options: GitHubOptions;
  readonly #send: Transport;

  constructor(options: GitHubOptions, send: Transport) {
    this.repository = options.repository;
    this.#options = options;
    this.#send = send;
  }

  async ask<const Schema extends v.GenericSchema>(request: ApiRequest, schema: Schema): Promise<v.InferOutput<Schema>> {
    return this.#read(request, await this.#answered(request), schema);
  }

  async askAll<const Schema extends v.GenericSchema>(
    request: ApiRequest,
    each: Schema,
  ): Promise<readonly v.InferOutput<Schema>[]> {
    const all: v.InferOutput<Schema>[] = [];
    for (let page = 1, isLast = false; !isLast; page++) {
      const parameters = { ...request.parameters, per_page: PER_PAGE, page };
      const reply = await this.#answered({ ...request, parameters });
      all.push(...this.#read(request, reply, v.array(each)));
      isLast = !/\brel="next"/.test(reply.headers['link'] ?? '');
    }
    return all;
  }

  #read<const Schema extends v.GenericSchema>(
    { attempted }: ApiRequest,
    reply: ApiReply,
    schema: Schema,
  ): v.InferOutput<Schema> {
    const read = v.safeParse(schema, reply.data);
    if (read.success) return read.output;
    const [{ message }] = read.issues;
    const where = v.getDotPath(read.issues[0]) ?? 'the whole';
    const data = { message: `something else than its documentation says: ${where}: ${message}` };
    throw new GitHubApiError(attempted, this.repository, { ...reply, data });
  }

  /** Asks until there is an answer, or no use in asking again. */
  async #answered(request: ApiRequest): Promise<ApiReply> {
    const { clock, signal } = this.#options;
    for (let tries = 1; ; tries++) {
      const reply = await this.#once(request);
      if (reply.status >= 200 && reply.status < 400) return reply;
      const waitMs = waitBeforeRetry(request, reply, tries);
      if (waitMs === undefined) throw new GitHubApiError(request.attempted, this.repository, reply);
      await clock.sleep(waitMs, signal);
    }
  }

  async #once(request: ApiRequest): Promise<ApiReply> {
    const { signal, deadlineMs = DEADLINE_MS } = this.#options;
    signal.throwIfAborted();
    const deadline = AbortSignal.timeout(deadlineMs);
    const reply = await this.#send(request, AbortSignal.any([signal, deadline]));
    signal.throwIfAborted();
    if (reply.status !== 0 || !deadline.aborted) return reply;
    return { ...reply, cause: new Error(`nothing came within ${deadlineMs / 1000} s`, { cause: reply.cause }) };
  }
}
