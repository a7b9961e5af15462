import { type Connection, PROGRAMS, splitParts } from '@gitops/host';
import { type HostFacts, readHostFacts } from './host-facts.ts';
import { linesFor, type Questions } from './questions.ts';

const ASK_MS = 120_000;

/** Asks a host what only it can say, in one go. Read-only. */
export async function askHost(connection: Connection, stateDir: string, questions: Questions): Promise<HostFacts> {
  const { stdout } = await connection.run({
    what: 'look at what the project needs there',
    script: PROGRAMS.preflight,
    args: [stateDir],
    stdin: linesFor(questions),
    timeoutMs: ASK_MS,
  });
  return readHostFacts(splitParts(stdout.toString('utf8')));
}
