import * as core from '@actions/core';
import { durationMs, GitopsError } from '@gitops/core';

/** Everything a user of the deploy action can say, read in one place. */
export interface DeployInputs {
  readonly environment: string;
  readonly workingDirectory: string;
  readonly keys: readonly [SshKey];
  readonly knownHosts: string;
  /** What they are called in messages. */
  readonly knownHostsSource: string;
  readonly ageKeys: readonly string[];
  readonly mode: 'apply' | 'plan';
  readonly planHash: string;
  readonly adopt: boolean;
  /** Empty: GitHub is not asked for anything. */
  readonly githubToken: string;
  /** Why it is deployed without the approval that is required; empty: it is not. */
  readonly breakGlass: string;
  readonly lockWaitMs: number;
  readonly onFailure: 'rollback' | 'freeze';
}

/** Everything a user of the validate-config action can say. */
export interface ValidateInputs {
  /** Empty: all of them. */
  readonly environment: string;
  readonly workingDirectory: string;
  readonly keys: readonly SshKey[];
  readonly knownHosts: string;
  /** What they are called in messages. */
  readonly knownHostsSource: string;
  readonly ageKeys: readonly string[];
  readonly token: string;
  readonly base: string;
  readonly targetChecks: boolean;
  readonly failOn: 'error' | 'warning';
  readonly comment: boolean;
}

/** A private key and what opens it; the passphrase may be empty. */
export interface SshKey {
  readonly text: string;
  readonly passphrase: string;
  /** What it is called in messages. */
  readonly source: string;
}

/** Reads and checks the inputs. Throws `GitopsError` `input`. */
export function readDeployInputs(): DeployInputs {
  return {
    keys: [sshKey()],
    environment: required('environment'),
    workingDirectory: core.getInput('working-directory') || '.',
    ...knownHosts(),
    ageKeys: ageKeys(),
    mode: oneOf('mode', ['apply', 'plan']),
    planHash: core.getInput('plan-hash'),
    adopt: oneOf('adopt', ['false', 'true']) === 'true',
    githubToken: core.getInput('github-token'),
    breakGlass: core.getInput('break-glass').trim(),
    lockWaitMs: duration('lock-wait'),
    onFailure: oneOf('on-failure', ['rollback', 'freeze']),
  };
}

/** Reads and checks the inputs. Throws `GitopsError` `input`. */
export function readValidateInputs(): ValidateInputs {
  const targetChecks = oneOf('target-checks', ['false', 'true']) === 'true';
  return {
    environment: core.getInput('environment'),
    workingDirectory: core.getInput('working-directory') || '.',
    keys: targetChecks ? [sshKey()] : [],
    ...knownHosts(),
    ageKeys: ageKeys(),
    token: core.getInput('github-token'),
    base: core.getInput('base'),
    targetChecks,
    failOn: oneOf('fail-on', ['error', 'warning']),
    comment: oneOf('comment', ['true', 'false']) === 'true',
  };
}

/** Empty where the repository has nothing encrypted, or where nobody may read it. */
function ageKeys(): readonly string[] {
  const text = core.getInput('sops-age-key');
  return text.trim() === '' ? [] : [text];
}

function knownHosts() {
  return { knownHosts: core.getInput('ssh-known-hosts'), knownHostsSource: 'the input `ssh-known-hosts`' };
}

function sshKey(): SshKey {
  const text = required('ssh-private-key');
  return { text, passphrase: core.getInput('ssh-passphrase'), source: 'the input `ssh-private-key`' };
}

function required(name: string): string {
  const value = core.getInput(name);
  if (value !== '') return value;
  throw wrong(name, 'it is empty', `set \`${name}:\` below \`with:\`; a secret that is not defined arrives empty`);
}

function oneOf<const T extends readonly [string, ...string[]]>(name: string, allowed: T): T[number] {
  const value = core.getInput(name) || allowed[0];
  const found = allowed.find((each) => each === value);
  if (found !== undefined) return found;
  throw wrong(name, `it is ${JSON.stringify(value)}`, `use one of: ${allowed.join(', ')}`);
}

function duration(name: string): number {
  const said = core.getInput(name);
  const ms = durationMs(said);
  if (!Number.isNaN(ms)) return ms;
  throw wrong(name, `it is ${JSON.stringify(said)}`, 'use a number with a unit: 30s, 10m or 1h');
}

function wrong(name: string, seen: string, remedy: string): GitopsError {
  return new GitopsError('input', { attempted: `read the input \`${name}\``, seen, remedy });
}
