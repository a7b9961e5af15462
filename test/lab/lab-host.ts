import * as v from 'valibot';
import type { KeyPair } from './ssh-login.ts';

const HostKinds = v.array(v.picklist(['loopback', 'container', 'container-user']));

/**
 * What a test deploys to: this machine, or a container with an SSH server and a Docker Engine of its own, as root or as a
 * plain user who may use Docker.
 */
export type HostKind = v.InferOutput<typeof HostKinds>[number];

/** Reads the environment variable GITOPS_LAB: kinds with commas between them, and this machine if there is none. */
export function parseHostKinds(text = 'loopback'): readonly HostKind[] {
  return v.parse(HostKinds, text.split(','));
}

/** A login on a host with a real SSH server and a real Docker Engine; keys, connections and processes are its own. */
export interface LabHost extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The user's private key as OpenSSH text. */
  readonly privateKey: string;
  /** The line that pins the host key. */
  readonly knownHosts: string;
  /** A folder on the host in which the user may write. */
  readonly directory: string;
  /** A fresh path in `directory`, not yet created. */
  readonly stateDir: string;
  /** Arguments for `ssh`, up to and including the destination: append the command. */
  readonly sshArguments: readonly string[];
  /** Runs a program on the host as the user, past SSH, and returns what it prints without the last line break. */
  run(argv: readonly string[], options?: { readonly input?: string | Uint8Array | undefined }): Promise<string>;
  /** Runs a line of shell on the host as the user, past SSH. */
  sh(line: string, input?: string): Promise<string>;
  /** What sshd has logged so far. */
  log(): Promise<string>;
  /** Ids on the host of the processes started over SSH that still run, also those in sessions of their own. */
  processes(): Promise<readonly number[]>;
  /** Ends every open connection as a cut cable would; what runs behind it goes on. */
  cutConnections(): void;
  /** Ends every connection and every process started through it, and removes keys and state. `run` still works. */
  stop(): Promise<void>;
}

/** What can be chosen about a login. */
export interface LabHostOptions {
  /**
   * Set in every session, over what sshd would set: `{ PATH: '…' }` puts a stand-in before a program. Takes the folder that
   * will be the host's `directory`.
   */
  readonly environment?: (directory: string) => Readonly<Record<string, string>>;
  /** One key for several hosts; a new one, if left out. */
  readonly key?: KeyPair;
}
