import type { Variables } from './job.ts';
import type { GitHubOptions } from './open-github.ts';

/** `ssh.github.com` is GitHub for networks that let nothing but port 443 through. */
const GITHUB_HOSTS: ReadonlySet<string> = new Set(['github.com', 'www.github.com', 'ssh.github.com']);

/**
 * The repository at an address that git clones from, if that is on GitHub: on github.com, or on the server that `GITHUB_SERVER_URL` names.
 * `undefined` elsewhere: a token is sent nowhere else.
 */
export function repositoryAt(
  address: string,
  env: Variables,
): Pick<GitHubOptions, 'apiUrl' | 'repository'> | undefined {
  const { host, path } = partsOf(address) ?? { host: '', path: '' };
  const [, owner, name] = /^\/*([\w.-]+)\/([\w.-]+?)(?:\.git)?\/*$/.exec(path) ?? [];
  const apiUrl = apiOf(host, env);
  if (owner === undefined || name === undefined || apiUrl === undefined) return undefined;
  return { apiUrl, repository: `${owner}/${name}` };
}

function apiOf(host: string, { GITHUB_API_URL: api, GITHUB_SERVER_URL: server }: Variables): string | undefined {
  if (GITHUB_HOSTS.has(host)) return api || 'https://api.github.com';
  if (!server || !URL.canParse(server) || new URL(server).hostname !== host) return undefined;
  return api || (host.endsWith('.ghe.com') ? `https://api.${host}` : `${new URL(server).origin}/api/v3`);
}

/** An address of git's: a URL, or `user@host:path` as for `scp`. */
function partsOf(address: string): { readonly host: string; readonly path: string } | undefined {
  if (/^(?:https?|ssh|git):\/\//.test(address)) {
    if (!URL.canParse(address)) return undefined;
    const { hostname, pathname } = new URL(address);
    return { host: hostname.toLowerCase(), path: pathname };
  }
  const { host, path } = /^(?:[^@/:]+@)?(?<host>[\w.-]+):(?<path>[^:]+)$/.exec(address)?.groups ?? {};
  return host === undefined || path === undefined ? undefined : { host: host.toLowerCase(), path };
}
