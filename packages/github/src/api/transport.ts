import * as v from 'valibot';
import type { ApiReply } from './api-reply.ts';
import type { ApiRequest } from './github-api.ts';

/** Sends one request and gives its reply, whatever it says. */
export type Transport = (request: ApiRequest, signal: AbortSignal) => Promise<ApiReply>;

export interface TransportOptions {
  readonly token: string;
  /** Without a slash at its end: `https://api.github.com`. */
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
}

const Headers = v.record(v.string(), v.unknown());
/** What octokit throws for a reply of 400 and above; without a response nobody answered. */
const Refused = v.object({ status: v.number(), response: v.object({ headers: Headers, data: v.unknown() }) });

/** As long as nobody asks for them, warnings of the library are for us and not for the log of a deployment. */
const QUIET = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Sends by octokit, which is loaded with the first request: most runs make none, and it costs time to start. */
export function octokitTransport({ token, apiUrl, repository }: TransportOptions): Transport {
  const [owner, repo] = repository.split('/');
  const names = { owner, repo };
  const open = async () => {
    const { getOctokit } = await import(/* webpackMode: "eager" */ '@actions/github');
    return getOctokit(token, { baseUrl: apiUrl, log: QUIET, userAgent: 'gitops-coordinator' });
  };
  let opened: ReturnType<typeof open> | undefined;
  return async ({ method, route, parameters }, signal) => {
    opened ??= open();
    const octokit = await opened;
    try {
      const more = { request: { signal, log: QUIET }, headers: { 'x-github-api-version': '2022-11-28' } };
      return received(await octokit.request(`${method} ${route}`, { ...names, ...parameters, ...more }));
    } catch (error) {
      if (v.is(Refused, error))
        return { status: error.status, headers: texts(error.response.headers), data: error.response.data };
      return { status: 0, headers: {}, data: undefined, cause: error };
    }
  };
}

/** What is cut off on its way is handed over as a text, as is what is no JSON. */
function received({ status, headers, data }: { status: number; headers: object; data: unknown }): ApiReply {
  const isWhole = status === 204 || typeof data !== 'string';
  if (isWhole) return { status, headers: texts(headers), data };
  return { status: 0, headers: {}, data: undefined, cause: new Error('the answer was cut off') };
}

function texts(headers: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
}
