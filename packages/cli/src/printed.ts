import { printable } from '@gitops/core';
import { withoutCommands } from '@gitops/github';

/**
 * The text as it may be printed: what files, hosts and containers said must steer neither a terminal nor, in a `run:` step of
 * a workflow, the runner, which takes lines of the output for commands.
 */
export function printed(text: string, env: Readonly<Record<string, string | undefined>> = process.env): string {
  const shown = printable(text);
  return env['GITHUB_ACTIONS'] ? withoutCommands(shown) : shown;
}
