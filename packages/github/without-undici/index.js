// Stands in for undici and @actions/http-client below @actions/github, which uses the one to send and the other to find its proxy.
// Both are in Node by now, and as packages they are half a megabyte in every bundle. See docs/decisions/github-client.md.
import http from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';

const MOST_REDIRECTS = 3;
/** A response with one of these has no body, says the constructor of responses. */
const WITHOUT_BODY = [204, 205, 304];

/** Finds the proxy for an address: Node does that itself, by HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
export class HttpClient {
  getAgent() {
    return undefined;
  }

  getAgentDispatcher() {
    const options = { keepAlive: true, proxyEnv: process.env };
    return { 'http:': new http.Agent(options), 'https:': new https.Agent(options) };
  }
}

/** As much of `fetch` as octokit uses. Reading is redirected, as a repository that was renamed is found at another address. */
export async function fetch(address, init, redirects = 0) {
  const url = new URL(address);
  const answer = await send(url, init);
  const to = answer.headers.location;
  if (
    init.method !== 'GET' ||
    !to ||
    answer.statusCode < 301 ||
    answer.statusCode > 308 ||
    redirects === MOST_REDIRECTS
  ) {
    return response(url, answer);
  }
  answer.resume();
  const next = new URL(to, url);
  const { authorization, ...others } = init.headers;
  return fetch(next, { ...init, headers: next.origin === url.origin ? init.headers : others }, redirects + 1);
}

function send(url, { method, headers, body, signal, dispatcher }) {
  const { promise, resolve, reject } = Promise.withResolvers();
  const { request } = url.protocol === 'https:' ? https : http;
  request(url, { method, headers, signal, agent: dispatcher[url.protocol] }, resolve).on('error', reject).end(body);
  return promise;
}

function response(url, answer) {
  const { statusCode: status, headersDistinct } = answer;
  const headers = Object.entries(headersDistinct).flatMap(([name, values]) => values.map((value) => [name, value]));
  if (WITHOUT_BODY.includes(status)) answer.resume();
  const made = new Response(WITHOUT_BODY.includes(status) ? null : Readable.toWeb(answer), { status, headers });
  return Object.defineProperty(made, 'url', { value: url.href });
}
