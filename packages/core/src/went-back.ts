import { GitopsError, messageOf } from './errors.ts';
import { failuresOf, lastWordsOfStep, lastWordsOfWayBack } from './last-words.ts';
import type { Move } from './move.ts';
import type { TransactionState, TransactionStatus } from './ports.ts';
import type { Standing } from './standing.ts';

/** Lines that a report keeps of what a host said. */
const MOST_SAID = 40;

/** How the detail of a host begins that went back because it was told to. */
const ORDERED = 'ordered';

/** The code of the error of a host that failed at nothing itself. */
export const TOLD_TO_STOP = 'stopped';

/** How a target stands whose host went back before all its steps were done, and why, from what the host said. */
export function wentBack(move: Move, status: TransactionStatus, said: readonly string[]): Standing {
  const { state, detail, auditHead } = status;
  const wasTold = detail.startsWith(ORDERED);
  const error = wasTold ? stopped(move, state, said) : failedStep(move, status, said);
  const log = wasTold && state === 'reverted' ? '' : said.slice(-MOST_SAID).join('\n');
  const failures = wasTold ? [] : failuresOf(said);
  return { move, state, error, log, failures, ...(auditHead !== undefined && { auditHead }) };
}

/** How a target stands that could not go back when it was told to, from what the host has logged. */
export async function stuck(standing: Standing): Promise<Standing> {
  const { move } = standing;
  const said: string[] = [];
  try {
    await move.session.follow(move.ref, (line) => said.push(line));
  } catch (error) {
    said.push(messageOf(error));
  }
  return { ...standing, error: notBroughtBack(move, said), log: said.slice(-MOST_SAID).join('\n') };
}

/** Nothing failed here but perhaps the way back. */
function stopped(move: Move, state: TransactionState, said: readonly string[]): GitopsError {
  return state === 'reverted' ? toldToStop(move) : notBroughtBack(move, said);
}

function notBroughtBack({ session, ref, scope }: Move, said: readonly string[]): GitopsError {
  return new GitopsError('revert-failed', {
    attempted: `bring the former state back on ${session.label}`,
    seen: lastWordsOfWayBack(said),
    remedy: tryAgain(ref.transaction, scope.environment.name),
  });
}

function tryAgain(transaction: number, environment: string): string {
  return `mend that on the host (the log of transaction ${transaction} says more), then \`gitops recover ${environment}\` or the next run tries again`;
}

function toldToStop({ session }: Move): GitopsError {
  return new GitopsError(TOLD_TO_STOP, {
    attempted: `apply every step on ${session.label}`,
    seen: 'it was told to go back',
    remedy: 'look for another run, deploy again; the former state is back and verified',
  });
}

function failedStep(
  { session, ref, scope }: Move,
  { state, detail }: TransactionStatus,
  said: readonly string[],
): GitopsError {
  return new GitopsError('step-failed', {
    attempted: `apply the step "${detail}" on ${session.label}`,
    seen: lastWordsOfStep(said),
    remedy:
      state === 'reverted'
        ? 'mend the cause and deploy again; the former state is back and verified'
        : tryAgain(ref.transaction, scope.environment.name),
  });
}
