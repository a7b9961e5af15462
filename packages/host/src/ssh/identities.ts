import { GitopsError } from '@gitops/core';
import type { AnyAuthMethod, ParsedKey } from 'ssh2';
import { type AgentWatch, agentOfOneKey, askAgent } from './agent.ts';
import type { Ssh2 } from './load-ssh2.ts';
import { lockedError, type PrivateKey, readPrivateKey } from './private-key.ts';

/** What a user has to prove who they are. */
export interface IdentitySources {
  /** Tried in this order. */
  readonly keys: readonly PrivateKey[];
  /** The socket of an ssh-agent, whose keys are tried before the others. */
  readonly agentSocket?: string;
  /** Asks the user for the passphrase of a key; called only if there is no other key to try. */
  readonly askPassphrase?: (keySource: string) => Promise<string>;
}

/** One key to log in with. */
export interface Identity {
  readonly publicKey: Buffer;
  /** Where it comes from, for messages. */
  readonly source: string;
  method(user: string, watch: AgentWatch): AnyAuthMethod;
}

/** The keys to try, each once, and what could not be used and why. */
export interface Identities {
  readonly toTry: readonly Identity[];
  readonly passedOver: readonly string[];
}

/**
 * Finds the keys to log in with. What cannot be used is passed over as long as something else is there.
 *
 * @throws GitopsError `ssh-private-key` or `ssh-agent` if there is no key at all
 */
export async function findIdentities(ssh2: Ssh2, sources: IdentitySources, timeoutMs: number): Promise<Identities> {
  const fromAgent = await agentIdentities(ssh2, sources.agentSocket, timeoutMs);
  const files = sources.keys.map((key) => fileIdentity(ssh2, key));
  const problems = [...fromAgent.problems, ...files.flatMap((file) => ('problem' in file ? [file.problem] : []))];
  const open = [...fromAgent.identities, ...files.flatMap((file) => ('identity' in file ? [file.identity] : []))];
  const toTry = open.length > 0 ? withoutTwins(open) : [await unlockFirst(ssh2, sources, problems)];
  return { toTry, passedOver: problems.map((problem) => problem.message.replace(/\n.*/s, '')) };
}

interface AgentIdentities {
  readonly identities: readonly Identity[];
  readonly problems: readonly GitopsError[];
}

async function agentIdentities(
  ssh2: Ssh2,
  socketPath: string | undefined,
  timeoutMs: number,
): Promise<AgentIdentities> {
  if (socketPath === undefined) return { identities: [], problems: [] };
  try {
    const { agent, keys } = await askAgent(ssh2, socketPath, timeoutMs);
    const identities = keys.map((key): Identity => {
      const method = (username: string, watch: AgentWatch): AnyAuthMethod => {
        return { type: 'agent', username, agent: agentOfOneKey(ssh2, agent, key, watch) };
      };
      return { publicKey: key.getPublicSSH(), source: 'the ssh-agent', method };
    });
    return { identities, problems: keys.length > 0 ? [] : [emptyAgentError(socketPath)] };
  } catch (error) {
    if (error instanceof GitopsError) return { identities: [], problems: [error] };
    throw error;
  }
}

type FileIdentity = { readonly identity: Identity } | { readonly problem: GitopsError };

function fileIdentity(ssh2: Ssh2, key: PrivateKey): FileIdentity {
  try {
    const parsed = readPrivateKey(ssh2.utils, key);
    return parsed === 'locked' ? { problem: lockedError(key) } : { identity: keyIdentity(parsed, key) };
  } catch (error) {
    if (error instanceof GitopsError) return { problem: error };
    throw error;
  }
}

function keyIdentity(parsed: ParsedKey, key: PrivateKey): Identity {
  return {
    publicKey: parsed.getPublicSSH(),
    source: key.source ?? 'the given key',
    method: (username) => ({ type: 'publickey', username, key: parsed }),
  };
}

// A host counts every key it is shown against MaxAuthTries, also one that it has refused before.
function withoutTwins(identities: readonly Identity[]): Identity[] {
  return identities.filter(
    ({ publicKey }, index) => identities.findIndex((other) => other.publicKey.equals(publicKey)) === index,
  );
}

async function unlockFirst(ssh2: Ssh2, sources: IdentitySources, problems: readonly GitopsError[]): Promise<Identity> {
  const locked = sources.keys.find((key) => isLocked(ssh2, key));
  const source = locked?.source ?? 'the given key';
  const passphrase = locked && (await sources.askPassphrase?.(source));
  if (!locked || !passphrase) throw problems[0] ?? noKeyError();
  const opened = readPrivateKey(ssh2.utils, { ...locked, passphrase });
  if (opened === 'locked') throw lockedError(locked);
  return keyIdentity(opened, locked);
}

function isLocked(ssh2: Ssh2, key: PrivateKey): boolean {
  try {
    return readPrivateKey(ssh2.utils, key) === 'locked';
  } catch {
    return false;
  }
}

function emptyAgentError(socketPath: string): GitopsError {
  return new GitopsError('ssh-agent', {
    attempted: 'find a key to log in with',
    seen: `the ssh-agent at ${socketPath} holds no key that can be used (keys of security tokens and certificates cannot)`,
    remedy: 'load one with `ssh-add <file>`, or name a key file',
  });
}

function noKeyError(): GitopsError {
  return new GitopsError('ssh-private-key', {
    attempted: 'find a key to log in with',
    seen: 'there is none',
    remedy: 'give a private key or the socket of an ssh-agent',
  });
}
