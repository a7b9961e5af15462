import { oneLine } from '../printable.ts';
import { shortCommit } from '../short-commit.ts';
import { type AuditRecord, type KnownRecord, knownRecord } from './record.ts';

/** A record for people: a line, and one more for each change or each service that is not healthy. */
export function describeRecord(record: AuditRecord): string {
  const known = knownRecord(record);
  const [said = record.kind, ...more] = known ? describe(known) : [unknownKind(record)];
  return [`${record.n}  ${record.at}  ${said}`, ...more.map((line) => `      ${line}`)].map(oneLine).join('\n');
}

function describe(record: KnownRecord): readonly string[] {
  switch (record.kind) {
    case 'lease':
      return [lease(record)];
    case 'begun':
      return begun(record);
    case 'ended':
      return ended(record);
    case 'recovered':
      return [`transaction ${record.transaction} was recovered under lease ${record.fence} and is ${record.state}`];
    case 'alias':
      return [`commit ${shortCommit(record.commit)} has the content of release ${record.release}, by ${record.by}`];
    case 'hold':
      return [hold(record)];
    case 'torn':
      return [`a torn last line of ${record.bytes} bytes was dropped`];
  }
}

function hold({ event, commit, commits = commit === undefined ? [] : [commit], by, why }: Of<'hold'>): string {
  return `hold of ${commits.map(shortCommit).join(', ')} ${event === 'held' ? 'set' : event} by ${by}${why ? `: ${why}` : ''}`;
}

type Of<Kind extends KnownRecord['kind']> = Extract<KnownRecord, { kind: Kind }>;

function lease({ event, fence, from, purpose, by }: Of<'lease'>): string {
  const what = event === 'taken-over' ? `taken over from the expired lease ${from}` : event;
  const commit = by?.commit ? `, commit ${shortCommit(by.commit)}` : '';
  const reason = `${by?.reason}${commit}`;
  const until = purpose === 'human' ? ', until it is released' : '';
  return `lease ${fence} ${what}${by ? ` by ${by.holder}${reason === '' ? '' : ` (${reason})`}` : ''}${until}`;
}

function begun(record: Of<'begun'>) {
  const { transaction, by, commit, dirty, planHash, release, previousRelease, adopted, changes } = record;
  const was = adopted ? `what ran before, kept as ${adopted},` : previousRelease || 'nothing';
  const way = `${was} → ${release}`;
  return [
    `transaction ${transaction} begun: ${way}, commit ${shortCommit(commit)}${dirty ? ' with changes that are in no commit' : ''}, plan ${planHash}, by ${by}${clearance(record)}`,
    ...changes.map(({ address, action, cause }) => `${action} ${address}: ${cause}`),
  ];
}

/** By what it was allowed, where somebody had to agree. */
function clearance({ approval, breakGlass }: Of<'begun'>): string {
  if (breakGlass !== undefined) return `, without an approval (break-glass: ${breakGlass})`;
  if (!approval) return '';
  const { pull, by, others = 0 } = approval;
  const more = others > 0 ? ` with ${others} approved ${others === 1 ? 'commit' : 'commits'} before it` : '';
  return `, approved in pull request ${pull} by ${by.join(', ')}${more}`;
}

function ended({ transaction, state, why, current, verdict, evidence = [] }: Of<'ended'>) {
  const judged = verdict ? `, ${verdict}` : '';
  return [
    `transaction ${transaction} ${state}${why ? ` (${why})` : ''}${judged}; current is ${current || 'nothing'}`,
    ...evidence.map(({ subject, verdict: each, seen }) => `${subject}: ${each}, ${seen}`),
  ];
}

function unknownKind({ n: _n, at: _at, prev: _prev, kind, ...rest }: AuditRecord): string {
  return `${kind} ${JSON.stringify(rest)}`;
}
