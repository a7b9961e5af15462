import { basename } from 'node:path';
import type { ActionRun } from '../../lab/action-runner.ts';
import type { DeploymentLab } from '../../lab/deployment-lab.ts';

/** Before there is a transaction: what is seen in the folder of the environment. */
const early = {
  // Something that came over SSH runs, and has not got as far as any other moment.
  'it is being read': 'grep -qsz "^GITOPS_LAB_HOST=.*-$MARK\\$" /proc/[0-9]*/environ',
  'its files are being uploaded': 'ls staging/*/tree >/dev/null 2>&1',
  'an image is being pulled': 'ls -d staging/*/.pull.* >/dev/null 2>&1',
} as const;

/** From then on: what is seen of transaction `N`. */
const late = {
  'its first step begins': journalled('apply', 'files', 'begin'),
  'its containers are being replaced': journalled('apply', 'up', 'begin'),
  'an old container is gone': 'grep -q "web-1  Recreated" "transactions/$N/log"',
  'its last step has ended': journalled('apply', 'up', 'end'),
  'it waits for the runner': 'grep -q "^awaiting" "transactions/$N/status"',
  'it is being confirmed': journalled('confirm', 'current', 'begin'),
  'it begins to go back': 'grep -q "^reverting" "transactions/$N/status"',
  'the old containers come back': journalled('revert', 'up', 'begin'),
  'the old state is looked at': journalled('revert', 'again', 'end'),
} as const;

/** How far a deployment is. */
export type Moment = keyof typeof early | keyof typeof late;

/** A run that was begun, and when the fault struck, by `performance.now()`. */
export interface StruckRun {
  readonly run: ActionRun;
  readonly since: number;
}

/**
 * Starts a deployment and, the moment it is so far, runs `blow`: a line of shell on the host, where nothing comes in between.
 * The moment is that of a transaction which is not there yet.
 */
export async function strike(
  lab: DeploymentLab,
  moment: Moment,
  blow = '',
  start: () => ActionRun = () => lab.start(),
): Promise<StruckRun> {
  const before = await lab.sh(`${newest}\ncd '${lab.folder}' 2>/dev/null && newest && echo "$N" || true`);
  const run = start();
  await lab.sh(`${until(lab, moment, before)}\n${blow}`);
  return { run, since: performance.now() };
}

/** Starts no program, as it is asked often by many at a time. */
const newest = `
newest() {
  N=
  for folder in transactions/*/; do
    id=\${folder%/}
    id=\${id##*/}
    [ "$id" -le "\${N:-0}" ] 2>/dev/null || N=$id
  done
}`;

/** Ends what waits for something that never comes. */
const patience = 120 * 50;

function until({ folder, host }: DeploymentLab, moment: Moment, before: string): string {
  return `
${newest}
looks=0 MARK='${basename(host.directory)}'
until cd '${folder}' 2>/dev/null && newest && ${conditionOf(moment, before)} 2>/dev/null; do
  looks=$((looks + 1))
  [ "$looks" -lt ${patience} ] || { echo 'the moment never came: ${moment}' >&2; exit 1; }
  sleep 0.02
done`;
}

function conditionOf(moment: Moment, before: string): string {
  return isEarly(moment) ? early[moment] : `[ "$N" != '${before}' ] && ${late[moment]}`;
}

function isEarly(moment: Moment): moment is keyof typeof early {
  return moment in early;
}

function journalled(phase: string, step: string, event: string): string {
  return `grep -q "\\"transaction\\":$N,.*\\"phase\\":\\"${phase}\\",\\"step\\":\\"${step}\\",\\"event\\":\\"${event}\\"" journal.ndjson`;
}
