import { GitopsError } from '@gitops/core';
import type { BaseAgent, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';
import type { Ssh2 } from './load-ssh2.ts';
import { unlessStopped } from './stop-watch.ts';

/** The keys that an agent holds, as far as ssh2 can use them: no keys of security tokens, no certificates. */
export interface AgentKeys {
  readonly agent: BaseAgent;
  readonly keys: readonly ParsedKey[];
}

/**
 * Asks an ssh-agent for its keys.
 *
 * @throws GitopsError `ssh-agent` if it does not answer in time
 */
export async function askAgent(ssh2: Ssh2, socketPath: string, timeoutMs: number): Promise<AgentKeys> {
  const agent = ssh2.createAgent(socketPath);
  try {
    return { agent, keys: await unlessStopped(listKeys(ssh2, agent), timeoutMs, undefined) };
  } catch (cause) {
    throw agentError(`ask the ssh-agent at ${socketPath} for its keys`, cause);
  }
}

function listKeys(ssh2: Ssh2, agent: BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    agent.getIdentities((error, keys = []) => {
      if (error) return reject(error);
      resolve(keys.flatMap((key) => usable(ssh2, key)));
    });
  });
}

type ListedKey = ParsedKey | string | Buffer | { readonly pubKey: unknown };

function usable(ssh2: Ssh2, key: ListedKey): ParsedKey[] {
  if (typeof key === 'object' && 'pubKey' in key) return [];
  const parsed = typeof key === 'string' || Buffer.isBuffer(key) ? ssh2.utils.parseKey(key) : key;
  return parsed instanceof Error ? [] : [parsed];
}

/** What an agent is doing for a login, for the person who wonders why nothing moves. */
export interface AgentWatch {
  onAsked(): void;
  onAnswered(): void;
}

/** An agent that shows one key only, so that keys can be tried one by one and each attempt is known. */
export function agentOfOneKey(ssh2: Ssh2, agent: BaseAgent, key: ParsedKey, watch: AgentWatch): BaseAgent {
  class OneKeyAgent extends ssh2.BaseAgent<ParsedKey> {
    override getIdentities(answer: (error: null, keys: ParsedKey[]) => void): void {
      answer(null, [key]);
    }

    override sign(
      publicKey: ParsedKey,
      data: Buffer,
      options: SigningRequestOptions | SignCallback,
      answer?: SignCallback,
    ): void {
      const callback = typeof options === 'function' ? options : answer;
      watch.onAsked();
      agent.sign(publicKey, data, typeof options === 'function' ? {} : options, (error, signature) => {
        watch.onAnswered();
        callback?.(error, signature);
      });
    }
  }
  return new OneKeyAgent();
}

export function agentError(attempted: string, cause: unknown): GitopsError {
  return new GitopsError('ssh-agent', {
    attempted,
    seen: cause instanceof Error ? cause.message : String(cause),
    remedy: 'see whether `ssh-add -l` answers and whether the agent waits for a confirmation, or name a key file',
    cause,
  });
}
