import type { Change } from '../model.ts';

/** What is done, behind a name. */
export const DONE: Readonly<Record<Change['action'], string>> = {
  create: 'created',
  update: 'updated',
  recreate: 'recreated',
  restart: 'restarted',
  reload: 'reloaded',
  delete: 'deleted',
  none: 'left as it is',
};

/** A resource by its name alone: its stack and target are said by the heading above it. */
export function nameOf({ kind, name }: Change): string {
  return kind === 'service' ? name : `${kind} ${name}`;
}

/** The image as it was and as it is to be. */
export function imageText({ imageBefore = '', imageAfter = '' }: Change): string {
  return imageBefore === imageAfter || imageBefore === '' ? imageAfter : `${imageBefore} → ${imageAfter}`;
}

/** Image ids and digests as Docker shows them to people; `result.json` has them whole. */
export function shortIds(text: string): string {
  return text.replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1');
}

/** `1 change`, `2 changes`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
