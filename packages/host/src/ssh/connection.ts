import { endGroup } from './end-group.ts';
import { Execution } from './execution.ts';
import { LineQueue } from './line-queue.ts';
import type { Link } from './link.ts';
import type { RemoteScript, ScriptResult } from './remote-script.ts';

/** An SSH connection to one host, logged in. */
export interface Connection extends AsyncDisposable {
  /** `user@host:port` */
  readonly label: string;
  /**
   * Runs a script to its end; any exit code is a result.
   *
   * @throws GitopsError `ssh-deadline`, `ssh-aborted`, `ssh-lost`, `ssh-killed`, `ssh-not-started`, `ssh-channel`,
   * `ssh-input`, `ssh-command-size` or `shell-word`
   */
  run(script: RemoteScript): Promise<ScriptResult>;
  /**
   * Starts a script to talk with; resolves when it runs on the host.
   *
   * @throws GitopsError as `run`
   */
  open(script: RemoteScript): Promise<RemoteProcess>;
  /** Closes the connection. What runs in it is lost: it fails with `ssh-lost` and is not killed on the host. */
  close(): void;
}

/** A script that runs on the host and is talked with. */
export interface RemoteProcess {
  /** Its standard output. A loop over it that was left early goes on where it stopped when it is entered again. */
  readonly lines: AsyncIterable<string>;
  /** Sends a line; the line break is added. Does nothing once the script has ended. */
  write(line: string): void;
  /** Sends the end of input. */
  end(): void;
  /** Settles as `Connection.run` does. It need not be awaited: an error also ends `lines`. */
  readonly done: Promise<ScriptResult>;
}

/** Makes the connection that users of this package see out of a live link. */
export function connectionOver(link: Link): Connection {
  return {
    label: link.label,
    run: (script) => runScript(link, script),
    open: (script) => openScript(link, script),
    close: () => link.close(),
    [Symbol.asyncDispose]: async () => link.close(),
  };
}

function runScript(link: Link, script: RemoteScript): Promise<ScriptResult> {
  const execution = new Execution(link, script, {
    collect: script.collect ?? true,
    endInput: true,
    endGroup: (leader) => endGroup(link, leader),
  });
  return execution.done;
}

async function openScript(link: Link, script: RemoteScript): Promise<RemoteProcess> {
  const lines = new LineQueue();
  const onStdout = (chunk: Buffer) => {
    lines.push(chunk);
    script.onStdout?.(chunk);
  };
  const execution = new Execution(
    link,
    { ...script, onStdout },
    {
      collect: script.collect ?? false,
      endInput: false,
      endGroup: (leader) => endGroup(link, leader),
    },
  );
  const { done } = execution;
  done.then(
    () => lines.end(),
    (error: unknown) => lines.fail(error),
  );
  await Promise.race([execution.begun, done]);
  return { lines, done, write: (line) => execution.write(`${line}\n`), end: () => execution.endInput() };
}
