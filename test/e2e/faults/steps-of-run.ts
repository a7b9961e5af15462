import type { ActionRun } from '../../lab/action-runner.ts';
import type { DeploymentLab } from '../../lab/deployment-lab.ts';

/** Conditions of the shell, in the environment's folder, for a run whose lease is number `N`. */
const beforeTheJournal = {
  'the lease is taken': '[ -e "lease/$N" ]',
  'files are laid down': '[ -e "transactions/.incoming.$N" ] || [ -e "transactions/$N" ]',
  'the transaction is there': '[ -e "transactions/$N" ]',
} as const;

/** How far a run is: before its first line in the journal, or with the so-many-th line just written. */
export type Step = keyof typeof beforeTheJournal | number;

/** All steps of a run that writes so many lines. */
export function allSteps(lines: number): readonly Step[] {
  return ['the lease is taken', 'files are laid down', 'the transaction is there', ...linesUpTo(lines)];
}

/** The steps from the first line on. */
export function linesUpTo(lines: number): readonly number[] {
  return Array.from({ length: lines }, (_, index) => index + 1);
}

/** A run that has come to a step. */
export interface RunAtStep {
  readonly run: ActionRun;
  /** Of its lease, and of its transaction. */
  readonly fence: number;
  /** When it was there, by `performance.now()`. */
  readonly since: number;
  /** Whether the blow found what it was for. */
  readonly isHit: boolean;
}

/**
 * Starts a run and waits on the host until it is at a step. `blow` is a line of shell that follows at once, where nothing comes
 * in between; see `blowWhen`.
 */
export async function runTo(lab: DeploymentLab, step: Step, blow = ':'): Promise<RunAtStep> {
  const fence = await nextFence(lab);
  const run = lab.start();
  const isHit = await blowWhen(lab, run, fence, conditionOf(step), blow);
  return { run, fence, since: performance.now(), isHit };
}

/**
 * Waits on the host until `condition` holds, and runs `blow` there: lines of shell in the environment's folder, whose `N` is the
 * transaction, and `E` that folder. Returns whether they found what they were for; throws if the run ends before.
 */
export async function blowWhen(
  lab: DeploymentLab,
  run: ActionRun,
  transaction: number,
  condition: string,
  blow: string,
): Promise<boolean> {
  const over = `${lab.host.directory}/over-${performance.now()}`;
  // The folder goes away with the host.
  const end = run.done.then(() => lab.sh(`touch '${over}' 2>/dev/null || true`));
  const struck = await lab.sh(`
N=${transaction} E='${lab.folder}'
${hasLines}
until cd "$E" 2>/dev/null && { ${condition}; } 2>/dev/null; do
  [ ! -e '${over}' ] || exit 0
  sleep 0.01
done
if { ${blow}; } >/dev/null 2>&1; then echo hit; else echo missed; fi`);
  if (struck !== '') return struck === 'hit';
  await end;
  throw new Error(`The run ended before this was so: ${condition}\n${(await run.done).log}`);
}

/** A condition: the journal has so many lines of transaction `N`, of one phase or of all. */
export function journalled(lines: number, phase = ''): string {
  return `has_lines ${lines} '${phase === '' ? '' : `"phase":"${phase}"`}'`;
}

/** has_lines COUNT WORD: starts no process, as it looks a hundred times a second while others measure time. */
const hasLines = `
opened='' begun='' seen=0
has_lines() {
  [ -n "$opened" ] || { [ -e journal.ndjson ] && exec 3<journal.ndjson && opened=yes; } || return 1
  while IFS= read -r line <&3; do
    case $begun$line in *"\\"transaction\\":$N,"*"$2"*) seen=$((seen + 1)) ;; esac
    begun=
  done
  begun=$begun$line
  [ "$seen" -ge "$1" ]
}`;

function conditionOf(step: Step): string {
  return typeof step === 'number' ? journalled(step) : beforeTheJournal[step];
}

async function nextFence({ folder, host }: DeploymentLab): Promise<number> {
  const claims = await host.sh(`ls '${folder}/lease' 2>/dev/null | grep -x '[0-9]*' | sort -n | tail -n 1`);
  return Number(claims) + 1;
}
