import type { Json } from './contract.ts';
import { refusal } from './faults.ts';
import type { Account, RepositoryState } from './state.ts';

/** One request that may be answered: it is one of GitHub's, and its token may make it. */
export interface Call {
  readonly state: RepositoryState;
  readonly caller: Account;
  /** Of the path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Json;
  /** The address that was asked, without the query. */
  readonly url: string;
}

export interface Answer {
  readonly status: number;
  /** What is known of the reply; the rest is filled in by GitHub's description. */
  readonly data?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** By id of the operation. */
export type Handlers = Readonly<Record<string, (call: Call) => Answer>>;

const LARGEST_PAGE = 100;
const USUAL_PAGE = 30;

export function ok(data: unknown): Answer {
  return { status: 200, data };
}

export function notFound(): Answer {
  return { status: 404, data: refusal(404, 'Not Found') };
}

/** A reply to what is well-formed and makes no sense. */
export function unprocessable(message: string): Answer {
  return { status: 422, data: refusal(422, message) };
}

export function numberOf(call: Call, name: string): number {
  return Number(call.parameters[name]);
}

export function textOf(call: Call, name: string): string {
  return String(call.body[name] ?? '');
}

/** The page that was asked for, with links to the others. */
export function paged({ query, url }: Call, all: readonly unknown[]): Answer {
  const size = Math.min(LARGEST_PAGE, Number(query.get('per_page') ?? USUAL_PAGE));
  const page = Number(query.get('page') ?? 1);
  const last = Math.max(1, Math.ceil(all.length / size));
  const pages = [
    ['prev', page > 1 ? page - 1 : undefined],
    ['next', page < last ? page + 1 : undefined],
    ['last', page < last ? last : undefined],
    ['first', page > 1 ? 1 : undefined],
  ] as const;
  const links = pages.flatMap(([rel, to]) => (to === undefined ? [] : [link(url, query, to, rel)]));
  return {
    status: 200,
    data: all.slice((page - 1) * size, page * size),
    ...(links.length > 0 && { headers: { link: links.join(', ') } }),
  };
}

function link(url: string, query: URLSearchParams, page: number, rel: string): string {
  const asked = new URLSearchParams(query);
  asked.set('page', String(page));
  return `<${url}?${asked}>; rel="${rel}"`;
}
