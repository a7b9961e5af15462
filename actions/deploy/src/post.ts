import { messageOf, Redactor, RefusedError } from '@gitops/core';
import {
  ActionsReporter,
  failStep,
  isLeftUnfinished,
  readDeployInputs,
  runActor,
  withoutCommands,
  writeSummary,
} from '@gitops/github';
import { cancelSignal, isVerified, type OnTarget, type Recovery, recoverEnvironment } from '@gitops/operations';

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
    const targets = await recovered(new ActionsReporter(redactor));
    const head = 'The step was ended too soon to tell how it ended. The host says:';
    const text = redactor.redact([head, ...targets.map(lineOf)].join('\n'));
    await writeSummary(`### After the end of the step\n\n${text.replaceAll('\n', '\n- ')}\n`);
    if (targets.some(({ result }) => result && !isVerified(result))) failStep(text);
    else process.stdout.write(`${withoutCommands(text)}\n`);
  } catch (error) {
    const text = `${messageOf(error)}\nThe host goes back by itself; \`gitops status\` says how that ended.`;
    failStep(redactor.redact(text));
  }
}

/** Throws what failed on the first target that could not be put right. */
async function recovered(reporter: ActionsReporter): Promise<readonly OnTarget<Recovery>[]> {
  const inputs = readDeployInputs();
  reporter.mask([...inputs.keys.flatMap((key) => [key.text, key.passphrase]), ...inputs.ageKeys, inputs.githubToken]);
  const signal = AbortSignal.any([cancelSignal(), AbortSignal.timeout(LONGEST_MS)]);
  const request = { ...inputs, actor: runActor(), signal, reporter, lockWaitMs: LOCK_WAIT_MS };
  const targets = await recoverEnvironment(request);
  const failure = targets.find(({ error }) => error && !(error instanceof RefusedError))?.error;
  if (failure) throw failure;
  return targets;
}

function lineOf({ scope, result, error }: OnTarget<Recovery>): string {
  if (!result) return `${scope.target.name}: whoever takes the lease next puts it right, now ${error.seen}`;
  const { transaction, release, differing } = result;
  const ended = transaction ? `transaction ${transaction.id} is ${transaction.state}` : 'no transaction was begun';
  const unlike = differing.map(({ subject, cause }) => `; ${subject}: ${cause}`).join('');
  return `${scope.target.name}: ${ended}; ${release === '' ? 'no release' : `release ${release}`} is current${unlike}`;
}
