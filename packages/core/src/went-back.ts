import { GitopsError } from './errors.ts';
import { lastWordsOfStep, lastWordsOfWayBack } from './last-words.ts';
import type { Move } from './move.ts';
import type { TransactionState, TransactionStatus } from './ports.ts';
import type { Standing } from './standing.ts';

/** How the detail of a host begins that went back because it was told to. */
const ORDERED = 'ordered';

/** The code of the error of a host that failed at nothing itself. */
export const TOLD_TO_STOP = 'stopped';

/** How a target stands whose host went back before all its steps were done, and why, from what the host said. */
export function wentBack(move: Move, status: TransactionStatus, said: readonly string[]): Standing {
  const { state, detail, auditHead } = status;
  const wasTold = detail.startsWith(ORDERED);
  const error = wasTold ? stopped(move, state, said) : failedStep(move, status, said);
  const log = wasTold && state === 'reverted' ? '' : said.slice(-40).join('\n');
  return { move, state, error, log, ...(auditHead !== undefined && { auditHead }) };
}

/** Nothing failed here but perhaps the way back. */
function stopped(move: Move, state: TransactionState, said: readonly string[]): GitopsError {
  if (state === 'reverted') return toldToStop(move);
  return new GitopsError('revert-failed', {
    attempted: `go back on ${move.session.label}`,
    seen: lastWordsOfWayBack(said),
    remedy: 'see the log, and look at the host: it could not be brought back',
  });
}

function toldToStop({ session }: Move): GitopsError {
  return new GitopsError(TOLD_TO_STOP, {
    attempted: `apply every step on ${session.label}`,
    seen: 'it was told to go back',
    remedy: 'look for another run, deploy again; the former state is back and verified',
  });
}

function failedStep({ session }: Move, { state, detail }: TransactionStatus, said: readonly string[]): GitopsError {
  return new GitopsError('step-failed', {
    attempted: `apply the step "${detail}" on ${session.label}`,
    seen: lastWordsOfStep(said),
    remedy:
      state === 'reverted'
        ? 'mend the cause and deploy again; the former state is back and verified'
        : 'see the log, and look at the host: it could not be brought back',
  });
}
