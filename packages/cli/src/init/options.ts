import type { IdentityOptions } from '../identity.ts';

/** The flags of `gitops init`, as they were given. */
export interface InitOptions extends IdentityOptions {
  readonly directory: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly offline?: boolean;
  readonly starter?: boolean;
  readonly commit?: boolean;
  readonly name?: string;
  readonly environment?: string;
  readonly host?: string;
  readonly port?: string;
  readonly user?: string;
  readonly stateDir?: string;
  readonly compose?: string;
  readonly copy?: readonly string[];
  readonly project?: string;
  readonly stackFolder?: string;
  readonly owner?: string;
  readonly ref: string;
  readonly hostKeyFingerprint?: string;
}
