import { Redactor, RefusedError } from '@gitops/core';
import {
  ActionsReporter,
  failStep,
  isLeftUnfinished,
  readDeployInputs,
  runActor,
  withoutCommands,
  writeSummary,
} from '@gitops/github';
import { cancelSignal, recoverEnvironment } from '@gitops/operations';
import { SOURCES } from './sources.ts';

/** After a cancelled job the runner gives its post steps five minutes. */
const LONGEST_MS = 240_000;
/** The lease of a runner that was killed expires within 30 s. */
const LOCK_WAIT_MS = 45_000;

/**
 * Puts right what the main step has begun and was ended in the middle of: the host goes back alone, this only waits for it and says
 * how it ended. Does nothing where the main step never ran, changed nothing, or knew how it ended; may run any number of times.
 */
export async function post(): Promise<void> {
  if (!isLeftUnfinished()) return;
  const redactor = new Redactor();
  try {
    const lines = await recovered(new ActionsReporter(redactor));
    const text = redactor.redact(['The step was ended before it knew how it ended.', ...lines].join('\n'));
    process.stdout.write(`${withoutCommands(text)}\n`);
    await writeSummary(`### After the end of the step\n\n${text.replaceAll('\n', '\n- ')}\n`);
  } catch (error) {
    failStep(redactor.redact(error instanceof Error ? error.message : String(error)));
  }
}

/** A line for each target. Throws what failed on the first one that could not be put right. */
async function recovered(reporter: ActionsReporter): Promise<readonly string[]> {
  const inputs = readDeployInputs();
  reporter.mask(inputs.keys.flatMap((key) => [key.text, key.passphrase]));
  const signal = AbortSignal.any([cancelSignal(), AbortSignal.timeout(LONGEST_MS)]);
  const request = { ...inputs, ...SOURCES, actor: runActor(), signal, reporter, lockWaitMs: LOCK_WAIT_MS };
  const targets = await recoverEnvironment(request);
  const failure = targets.find(({ error }) => error && !(error instanceof RefusedError))?.error;
  if (failure) throw failure;
  return targets.map(({ scope, result, error }) => {
    if (!result) return `${scope.target.name}: whoever takes the lease next puts it right, now ${error.seen}`;
    const { transaction, release } = result;
    const ended = transaction ? `transaction ${transaction.id} is ${transaction.state}` : 'no transaction was begun';
    return `${scope.target.name}: ${ended}; ${release === '' ? 'no release' : `release ${release}`} is current`;
  });
}
