import * as v from 'valibot';
import type { Answer, Call } from './call.ts';
import {
  ContractViolation,
  Json,
  type Matched,
  matched,
  replyFaults,
  requestFaults,
  VIOLATION_STATUS,
} from './contract.ts';
import { type Fault, refusal } from './faults.ts';
import { acceptedPermissions, isPermitted } from './permissions.ts';
import { COMMENT_ROUTES } from './routes/comments.ts';
import { CONTENT_ROUTES } from './routes/contents.ts';
import { DEPLOYMENT_ROUTES } from './routes/deployments.ts';
import { ISSUE_ROUTES } from './routes/issues.ts';
import { PULL_ROUTES } from './routes/pulls.ts';
import { REPOSITORY_ROUTES } from './routes/repository.ts';
import { replyBody } from './sample.ts';
import type { RepositoryState } from './state.ts';
import type { Token } from './token.ts';

const HANDLERS = {
  ...COMMENT_ROUTES,
  ...CONTENT_ROUTES,
  ...DEPLOYMENT_ROUTES,
  ...ISSUE_ROUTES,
  ...PULL_ROUTES,
  ...REPOSITORY_ROUTES,
};

/** What came over the wire. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly body: unknown;
  readonly authorization: string;
}

/** What goes over the wire. */
export interface Given {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** What is not as GitHub describes it. */
  readonly violations: readonly string[];
}

/** What the answers are taken from. */
export interface Source {
  readonly state: RepositoryState;
  tokenOf(authorization: string): Token | undefined;
}

/** Answers as GitHub does, or as a fault wants it. */
export function answer(received: Received, fault: Fault | undefined, source: Source): Given {
  const found = matched(received.method, received.url.pathname);
  try {
    if (fault?.status !== undefined) return faultAnswer(fault, fault.status, found);
    if (received.url.pathname === '/graphql') return viewer(received, source);
    if (!found) throw new ContractViolation('it is none of the operations in openapi-slice.json');
    return checkedAnswer(found, received, source);
  } catch (error) {
    const violation = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ...sent({ status: VIOLATION_STATUS, data: { message: violation } }), violations: [violation] };
  }
}

/** A refusal has the form of GitHub's, unless it is a page of a server on the way. */
function faultAnswer(fault: Fault, status: number, found: Matched | undefined): Given {
  const isPage = typeof fault.body === 'string';
  const given = sent({ status, data: fault.body, ...(fault.headers && { headers: fault.headers }) });
  const violations = found && !isPage ? replyFaults(found.operation, status, fault.body) : [];
  return { ...given, violations };
}

function checkedAnswer(found: Matched, received: Received, source: Source): Given {
  const { operation } = found;
  const given = sent(answered(found, received, source), operation.id);
  const body: unknown = given.text === '' ? undefined : JSON.parse(given.text);
  const faults = replyFaults(operation, given.status, body);
  if (faults.length > 0) throw new ContractViolation(`the fake lies: ${faults.join('; ')}`);
  return given;
}

function answered(found: Matched, { url, body, authorization }: Received, source: Source): Answer {
  const { operation } = found;
  const token = source.tokenOf(authorization);
  if (!token) return { status: 401, data: refusal(401, 'Bad credentials') };
  const faults = requestFaults(found, url.searchParams, body);
  if (faults.length > 0) throw new ContractViolation(faults.join('; '));
  if (!isHere(found, source)) return { status: 404, data: refusal(404, 'Not Found') };
  if (!isPermitted(operation.id, token.permissions)) return notPermitted(token);
  const handler = HANDLERS[operation.id];
  if (!handler) throw new ContractViolation('the fake has no answer to it');
  const { status, data, headers = {} } = handler(callOf(found, url, body, token, source));
  return { status, headers, data: status < 400 ? replyBody(operation, status, data) : data };
}

function callOf({ parameters }: Matched, url: URL, body: unknown, token: Token, { state }: Source): Call {
  const json = v.parse(v.fallback(Json, {}), body);
  const address = `${url.origin}${url.pathname}`;
  return { state, caller: token.account, parameters, query: url.searchParams, body: json, url: address };
}

function isHere({ parameters }: Matched, { state }: Source): boolean {
  return `${parameters['owner']}/${parameters['repo']}` === state.fullName;
}

function notPermitted({ account }: Token): Answer {
  const whose = account.type === 'Bot' ? 'integration' : 'personal access token';
  return { status: 403, data: refusal(403, `Resource not accessible by ${whose}`) };
}

/** The only question of GraphQL that is asked: whose token is this? It works for every kind of token. */
function viewer({ body, authorization }: Received, source: Source): Given {
  const token = source.tokenOf(authorization);
  if (!token) return sent({ status: 401, data: refusal(401, 'Bad credentials') });
  const query = v
    .parse(v.object({ query: v.string() }), body)
    .query.replace(/\s+/g, ' ')
    .trim();
  if (query !== '{ viewer { login databaseId } }') throw new ContractViolation(`the fake does not answer ${query}`);
  const { login, id } = token.account;
  return sent({ status: 200, data: { data: { viewer: { login, databaseId: id } } } });
}

function sent({ status, data, headers = {} }: Answer, operation = ''): Given {
  const accepted = acceptedPermissions(operation);
  const all = {
    'content-type': 'application/json; charset=utf-8',
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '999',
    'x-ratelimit-reset': '1767225600',
    ...(accepted !== '' && { 'x-accepted-github-permissions': accepted }),
    ...headers,
  };
  const text = data === undefined ? '' : typeof data === 'string' ? data : JSON.stringify(data);
  return { status, headers: all, text, violations: [] };
}
