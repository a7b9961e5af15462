import type { Change, HostMount, Plan } from '../model.ts';
import { effective } from '../plan.ts';
import { oneLine } from '../printable.ts';
import { imageText, nameOf, shortIds } from './change-words.ts';
import { type PlanView, type StackChanges, titleOf, viewPlan } from './plan-view.ts';
import { tallyPlans } from './tally.ts';

/** What a part of a text is about, for whoever has colours. */
export type Tone = 'new' | 'changed' | 'gone' | 'warning' | 'heading' | 'aside';

/** Gives a text the look of its tone. */
export type Paint = (tone: Tone, text: string) => string;

const MARK: Readonly<Record<Change['action'], readonly [mark: string, tone: Tone]>> = {
  create: ['+', 'new'],
  update: ['~', 'changed'],
  recreate: ['±', 'changed'],
  restart: ['↻', 'changed'],
  reload: ['↻', 'changed'],
  delete: ['-', 'gone'],
  none: ['=', 'aside'],
};

/** The plan as lines for a terminal or a log: what is blocked first, then each stack, then what was different already. */
export function describePlan(plan: Plan, paint: Paint = (_, text) => text): string {
  const view = viewPlan(plan);
  if (effective(plan.changes).length === 0) return ['Plan: nothing to change.', ...warnings(view, paint)].join('\n');
  const shown = [...view.changed, ...view.drifted].flatMap(({ changes }) => changes);
  const width = Math.min(WIDEST, Math.max(0, ...shown.map((change) => nameOf(change).length)));
  const stack = (each: StackChanges) => describeStack(each, width, paint);
  return [
    paint('heading', line(`Plan: ${tallyPlans([plan])}`)),
    ...section('Blocked: nothing is deployed until this is mended', view.blocked.flatMap(blocked(paint)), paint),
    ...view.changed.flatMap((each) => ['', ...stack(each)]),
    ...section('Already different from git, and put right by a deployment', view.drifted.flatMap(stack), paint),
    ...warnings(view, paint),
    ...mounts(view, paint),
    '',
    paint('aside', `Plan hash ${plan.hash}`),
  ].join('\n');
}

/** Longer names stand where they are. */
const WIDEST = 40;

function section(title: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.length === 0 ? [] : ['', paint('heading', title), ...lines];
}

function describeStack(group: StackChanges, width: number, paint: Paint): readonly string[] {
  return [
    paint('heading', line(`Stack ${titleOf(group)}`)),
    ...group.changes.flatMap((change) => describe(change, width, paint)),
  ];
}

function describe(change: Change, width: number, paint: Paint): readonly string[] {
  const [mark, tone] = MARK[change.action];
  const image = change.imageBefore === change.imageAfter ? '' : imageText(change);
  const told = image === '' || change.cause.includes(image) ? '' : `  (${image})`;
  const head = `${mark} ${nameOf(change).padEnd(width)}  ${change.action.padEnd(8)}`;
  const first = `  ${paint(tone, line(head))}  ${line(`${change.cause}${told}`)}`;
  const more = [
    change.drift === undefined ? '' : `was different already: ${change.drift}`,
    digests(change),
    ...(change.hostMounts ?? []).filter(({ isNew }) => isNew).map((mount) => `mounts ${mountText(mount)} (new)`),
  ];
  return [
    first,
    ...more.filter((text) => text !== '').map((text) => `      ${paint('aside', line(text))}`),
    ...(change.warnings ?? []).map((text) => `      ${paint('warning', line(`! ${text}`))}`),
  ];
}

/** As registries know the images. */
function digests({ digestBefore = '', digestAfter = '', isPulled }: Change): string {
  const after = isPulled ? 'an image that is still to be pulled' : digestAfter;
  if (digestBefore === after || after === '') return '';
  return digestBefore === '' ? after : `${digestBefore} → ${after}`;
}

function blocked(paint: Paint): (change: Change) => readonly string[] {
  return (change) => {
    const { remedy = '' } = change;
    const first = `  ${paint('gone', line(`✗ ${titleOf(change)}, ${nameOf(change)}`))}  ${line(change.cause)}`;
    return remedy === '' ? [first] : [first, `      → ${line(remedy)}`];
  };
}

function warnings(view: PlanView, paint: Paint): readonly string[] {
  return section(
    'Warnings',
    view.warnings.map((text) => `  ${paint('warning', line(`! ${text}`))}`),
    paint,
  );
}

function mounts({ mounting }: PlanView, paint: Paint): readonly string[] {
  const lines = mounting.flatMap(({ subject, hostMounts = [] }) =>
    hostMounts.map((mount) => `  ${line(`${subject}: ${mountText(mount)}`)}`),
  );
  return section('Paths of the host that are mounted', lines, paint);
}

function mountText({ source, target, readOnly }: HostMount): string {
  return `${source}${source === target ? '' : ` at ${target}`}${readOnly ? ', read-only' : ''}`;
}

/** A line break of the Compose file could begin a line that GitHub takes for a command. */
function line(text: string): string {
  return oneLine(shortIds(text));
}
