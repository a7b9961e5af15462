import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { answer, type Given } from './answer.ts';
import { ContractViolation, matched } from './contract.ts';
import { type Fault, FaultQueue } from './faults.ts';
import { type Permissions, READ_ONLY, WRITES } from './permissions.ts';
import { ACTIONS_BOT, RepositoryState } from './state.ts';
import type { Token } from './token.ts';

/** One request and how it was answered; `status` is 0 where it was not. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** GitHub's name of it; `''` for what is none of its operations. */
  readonly operation: string;
  readonly body: unknown;
  status: number;
}

/**
 * A GitHub with one repository, over HTTP on loopback. Every request and every reply is held against GitHub's own description of its
 * API; what does not fit is answered with 418 and thrown when the fake is disposed.
 */
export class FakeGitHub implements AsyncDisposable {
  readonly state: RepositoryState;
  readonly log: LoggedRequest[] = [];
  readonly #server: Server;
  readonly #faults = new FaultQueue();
  readonly #tokens = new Map<string, Token>();
  #violations: string[] = [];

  constructor(server: Server, repository: string) {
    this.#server = server;
    this.state = new RepositoryState(repository);
    server.on('request', (request, response) => void this.#serve(request, response));
  }

  /** For `GITHUB_API_URL`. */
  get url(): string {
    return `http://127.0.0.1:${portOf(this.#server)}`;
  }

  /** A new token of somebody; of the job's own bot, which may write, if nothing else is said. */
  token(permissions: Permissions | 'read-only' = WRITES, login = ACTIONS_BOT.login): string {
    const token = `fake-${randomUUID()}`;
    const given = permissions === 'read-only' ? READ_ONLY : permissions;
    this.#tokens.set(token, { account: this.state.account(login), permissions: given });
    return token;
  }

  /** Lets the next requests that it is for fail. */
  queueFault(fault: Fault): void {
    this.#faults.add(fault);
  }

  /** The operations that were asked for, in order, with how they were answered: `issues/create-comment 201`. */
  asked(): readonly string[] {
    return this.log.map(({ operation, status }) => `${operation} ${status}`);
  }

  /** What was not as GitHub describes it, once: it is not thrown again. */
  takeViolations(): readonly string[] {
    const taken = this.#violations;
    this.#violations = [];
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    const violations = this.takeViolations();
    if (violations.length > 0) throw new ContractViolation(violations.join('\n'));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? '';
    const url = new URL(request.url ?? '', this.url);
    const operation = matched(method, url.pathname)?.operation.id ?? (url.pathname === '/graphql' ? 'graphql' : '');
    const sent = await text(request);
    const body = parsed(sent);
    const logged: LoggedRequest = { method, path: url.pathname, query: url.search, operation, body, status: 0 };
    this.log.push(logged);
    const fault = this.#faults.take(method, url.pathname);
    await fault?.until;
    if (fault?.hangs) return;
    if (fault?.cut === 'before') return void request.socket.destroy();
    const given = answer({ method, url, body, authorization: request.headers.authorization ?? '' }, fault, this);
    logged.status = given.status;
    this.#violations.push(...given.violations.map((each) => `${method} ${url.pathname}: ${each}`));
    if (fault?.cut === 'after') return void request.socket.destroy();
    if (fault?.cut === 'within') return sendHalf(response, given);
    response.writeHead(given.status, given.headers).end(given.text);
  }

  /** Whose token it is. */
  tokenOf(authorization: string): Token | undefined {
    return this.#tokens.get(authorization.replace(/^(?:token|bearer) /i, ''));
  }
}

/** Starts a GitHub with one empty repository. */
export async function startFakeGitHub(repository = 'example/infrastructure'): Promise<FakeGitHub> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new FakeGitHub(server, repository);
}

/** The connection ends in the middle of what was announced. */
function sendHalf(response: ServerResponse, { status, headers, text: whole }: Given): void {
  response.writeHead(status, { ...headers, 'content-length': String(Buffer.byteLength(whole)) });
  response.write(whole.slice(0, whole.length / 2), () => response.destroy());
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function parsed(sent: string): unknown {
  if (sent === '') return undefined;
  try {
    return JSON.parse(sent);
  } catch {
    return sent;
  }
}
