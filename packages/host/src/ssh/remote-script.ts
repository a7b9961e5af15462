/** A POSIX sh script to run on a host. */
export interface RemoteScript {
  /** What it is for, as an infinitive: `read the state of the host`. Errors say `Could not <what> on <host>`. */
  readonly what: string;
  /** POSIX sh text; it gets `args` as `$1`…. It shows up in the process list of the host, so it holds no secrets. */
  readonly script: string;
  /** Visible in the process list as well. */
  readonly args?: readonly string[];
  /** `run` sends an end of input after it; `open` leaves the input open. */
  readonly stdin?: string | Buffer | NodeJS.ReadableStream;
  /** From the call to the end of the script. Infinity: none. */
  readonly timeoutMs: number;
  /** Ends the script on the host, as the deadline does. */
  readonly signal?: AbortSignal;
  /** Gets standard output as it comes. */
  readonly onStdout?: (chunk: Buffer) => void;
  /** Whether the result holds standard output; true by default for `run`, false for `open`. */
  readonly collect?: boolean;
}

/** How a script ended. */
export interface ScriptResult {
  /** The exit code of the script, 0 to 255. */
  readonly code: number;
  readonly stdout: Buffer;
  /** The last 64 KiB of standard error. */
  readonly stderr: string;
}
