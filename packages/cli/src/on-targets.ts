import { type GitopsError, Redactor, RefusedError } from '@gitops/core';
import { cancelSignal, type EnvironmentRequest, type OnTarget } from '@gitops/operations';
import { EXIT_FAILED, EXIT_REFUSED, exitCodeOfReading } from './exit-code.ts';
import { readIdentity } from './identity.ts';
import { person } from './person.ts';
import { printed } from './printed.ts';
import type { ReadOptions } from './status-command.ts';
import { type Screen, SILENT, TerminalReporter } from './terminal-reporter.ts';

/** A use case that is asked for on an environment, and where its answer goes. */
export interface Asked {
  readonly request: EnvironmentRequest;
  readonly redactor: Redactor;
}

/** What a command asks with, by its words and options. */
export async function askOn(environment: string, options: ReadOptions, screen: Screen): Promise<Asked> {
  const redactor = new Redactor();
  const reporter = new TerminalReporter(options.json ? SILENT : screen, redactor);
  const { directory: workingDirectory } = options;
  const signal = cancelSignal();
  const request = {
    ...(await readIdentity(options)),
    workingDirectory,
    environment,
    reporter,
    signal,
    actor: person(),
  };
  return { request, redactor };
}

/** Tells what came of it on each target: as JSON, or a text for each. Returns the exit code. */
export function tellTargets<Result extends object>(
  { request: { environment }, redactor }: Asked,
  targets: readonly OnTarget<Result>[],
  texts: (result: Result) => string,
  options: ReadOptions,
  screen: Screen,
): number {
  if (options.json) {
    const facts = targets.map(({ scope: { target }, result, error }) => ({
      target: target.name,
      host: target.host,
      ...(error ? { error: error.message } : result),
    }));
    screen.write(redactor.json({ environment, targets: facts }));
  } else {
    for (const { scope, result, error } of targets) {
      const name = targets.length > 1 ? `${scope.target.name} (${scope.target.host})` : scope.target.host;
      const text = redactor.redact(error ? error.message : texts(result));
      (error ? process.stderr : screen).write(printed(`${environment} on ${name}: ${text}\n`));
    }
  }
  return exitCodeOfErrors(targets.flatMap(({ error }) => error ?? []));
}

/** What was refused on one target counts more than what could not be read on another. */
function exitCodeOfErrors(errors: readonly GitopsError[]): number {
  if (errors.some((error) => error instanceof RefusedError)) return EXIT_REFUSED;
  if (errors.some(({ code }) => code === 'not-recovered')) return EXIT_FAILED;
  return exitCodeOfReading(errors);
}
