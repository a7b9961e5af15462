import type { Change, FieldDifference, HostMount, Plan } from '../model.ts';
import { counted, DONE, nameOf, shortIds } from './change-words.ts';
import { fieldList, fieldsLine, imageMarkdown } from './field-markdown.ts';
import { bold, code, details, prose } from './markdown.ts';
import { type PlanView, type StackChanges, titleOf, viewPlan } from './plan-view.ts';
import { tally } from './tally.ts';

const MARK: Readonly<Record<Change['action'], string>> = {
  create: '➕',
  update: '↕️',
  recreate: '♻️',
  restart: '🔄',
  reload: '🔄',
  delete: '🗑️',
  none: '⏸️',
};

/** The sections of a plan, all that there is to say. */
export function planSections(plan: Plan): readonly string[] {
  const view = viewPlan(plan);
  return [blockedSection(view), ...openSections(view), ...foldedSections(view)].filter((text) => text !== '');
}

function blockedSection({ blocked }: PlanView): string {
  if (blocked.length === 0) return '';
  return `### ⛔ Blocked\n\n${BLOCKED_MEANS}\n\n${blocked.map((change) => blockedItem(change)).join('\n')}`;
}

export const BLOCKED_MEANS = 'Nothing is deployed until this is mended:';

/** One blocked change with what to do about it, as an item of a list. */
export function blockedItem(change: Change, environment = ''): string {
  const where = [environment, titleOf(change)].filter((part) => part !== '').join(', ');
  return stopItem(`${nameOf(change)} (${where})`, change.cause, change.remedy);
}

/** What is in the way, why, and what to do about it. */
export function stopItem(what: string, why: string, remedy: string | undefined): string {
  const todo = remedy === undefined ? '' : `\n  - **To do:** ${prose(remedy)}`;
  return `- ${bold(what)}: ${prose(shortIds(why))}${todo}`;
}

/** What a reviewer has to see: each change with its reason. */
export function openSections(view: PlanView): readonly string[] {
  const drift = view.drifted.map(stackList).join('\n\n');
  return [...view.changed.map(stackList), interrupted(view), drift === '' ? '' : `${DRIFT_TITLE}\n\n${drift}`].filter(
    (text) => text !== '',
  );
}

const DRIFT_TITLE = '#### Already different from git, and put right by this deployment';

/** The same by numbers, where there is no room for more. */
export function countedSections(view: PlanView): readonly string[] {
  const lines = (groups: readonly StackChanges[]) =>
    groups.map((group) => `- ${bold(titleOf(group))}: ${tally(group.changes)}`).join('\n');
  const [changed, drift] = [lines(view.changed), lines(view.drifted)];
  return [changed, drift === '' ? '' : `${DRIFT_TITLE}\n\n${drift}`].filter((text) => text !== '');
}

function stackList(group: StackChanges): string {
  return `${bold(titleOf(group))}\n\n${group.changes.map(item).join('\n')}`;
}

function item(change: Change): string {
  const line = `- ${MARK[change.action]} ${bold(nameOf(change))} ${DONE[change.action]}: ${why(change)}`;
  const mounts = (change.hostMounts ?? []).filter(({ isNew }) => isNew);
  const more = [
    ...(change.warnings ?? []).map((warning) => `⚠️ ${prose(warning)}`),
    ...mounts.map((mount) => `📂 mounts ${mountMarkdown(mount, ' of the host')}`),
    ...(change.drift === undefined ? [] : [`🔧 was different already: ${prose(change.drift)}`]),
  ];
  return [line, ...more.map((text) => `  - ${text}`)].join('\n');
}

function why(change: Change): string {
  const moved = change.fields.some(isMoved) ? [`another image behind ${imageMarkdown(change)}`] : [];
  const named = [fieldsLine(change.fields.filter((field) => !isMoved(field))), ...moved].filter((text) => text !== '');
  if (change.cause.startsWith('changed: ') && named.length > 0) return named.join(', ');
  const isNew = change.imageBefore === undefined && change.imageAfter !== undefined;
  const image = isNew ? [code(shortIds(change.imageAfter ?? ''))] : [];
  return [prose(shortIds(change.cause)), ...image, ...named].join(', ');
}

/** The image changed and its name did not. */
function isMoved({ field, after }: FieldDifference): boolean {
  return field === 'image' && after === undefined;
}

/** Whoever uses them meanwhile should know. */
function interrupted({ changed, drifted }: PlanView): string {
  const some = [...changed, ...drifted]
    .flatMap(({ changes }) => changes)
    .filter(({ risk, action }) => risk === 'interrupts' && action !== 'delete');
  const [services, networks] = (['service', 'network'] as const).map((kind) => named(some, kind));
  const parts = [
    ...(services ? [`while containers are replaced: ${services}`] : []),
    ...(networks ? [`while networks are made again: the services on ${networks}`] : []),
  ];
  return parts.length === 0 ? '' : `⏳ Interrupted ${parts.join('; ')}.`;
}

function named(changes: readonly Change[], kind: Change['kind']): string {
  const some = changes.filter((change) => change.kind === kind);
  const names = some.slice(0, MOST_NAMED).map(({ subject }) => bold(subject));
  const more = some.length > MOST_NAMED ? ` and ${some.length - MOST_NAMED} more` : '';
  return `${names.join(', ')}${more}`;
}

const MOST_NAMED = 8;

/** What is there for whoever wants to know more, each folded. */
export function foldedSections(view: PlanView): readonly string[] {
  const changes = [...view.changed, ...view.drifted].flatMap((group) => group.changes);
  return [
    folded('Images and other details', changes.flatMap(detail)),
    folded(
      counted(view.warnings.length, 'warning'),
      view.warnings.map((text) => `- ⚠️ ${prose(text)}`),
    ),
    folded('Paths of the host that are mounted', view.mounting.map(mountsItem)),
    folded(
      'Kept on the host',
      view.kept.map(({ subject, kind, cause }) => `- ${kind} ${bold(subject)}: ${prose(cause.slice('kept: '.length))}`),
    ),
  ].filter((text) => text !== '');
}

function folded(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : details(title, items.join('\n'));
}

/** What the line of a change has no room for. */
function detail(change: Change): readonly string[] {
  if (change.kind !== 'service' || change.action === 'delete') return [];
  const { fields, digestBefore, digestAfter, isPulled = false } = change;
  const others = fields.filter(({ field }) => field !== 'image');
  const parts = [
    ...(digestBefore !== digestAfter || isPulled ? [`image ${imageMarkdown(change)}`] : []),
    ...(fieldList(others).join(', ') === fieldsLine(others) ? [] : fieldList(others)),
  ];
  return parts.length === 0 ? [] : [`- ${bold(change.subject)}`, ...parts.map((part) => `  - ${part}`)];
}

function mountsItem({ subject, hostMounts = [] }: Change): string {
  const items = hostMounts.map((mount) => `  - ${mountMarkdown(mount)}${mount.isNew ? ' (new)' : ''}`);
  return [`- ${bold(subject)}`, ...items].join('\n');
}

function mountMarkdown({ source, target, readOnly }: HostMount, whose = ''): string {
  const at = source === target ? '' : ` at ${code(target)}`;
  return `${code(source)}${whose}${at}${readOnly ? ', read-only' : ''}`;
}
