import type { Change, FieldDifference } from '../model.ts';
import { shortIds } from './change-words.ts';
import { cell, code } from './markdown.ts';

/** So many of a kind are named where there is one line for all. */
const MOST_NAMED = 3;

/** Fields that have names of their own, by what they begin with, and what people call one and several. */
const KINDS = [
  ['files.', 'content of', 'content of'],
  ['environment.', 'variable', 'variables'],
  ['labels.', 'label', 'labels'],
] as const;

const WORDS: Readonly<Record<string, string>> = {
  'labels.gitops.inputs': 'content of a config, a secret or a mounted file',
  'labels.gitops.name': 'labels of its owner',
  'labels.gitops.environment': 'labels of its owner',
  volumes: 'mounts',
};

/** What changed, in one line: the image first, then other fields, then files, variables and labels by name. */
export function fieldsLine(fields: readonly FieldDifference[]): string {
  const parts = [...plain(fields), ...KINDS.flatMap((kind) => named(fields, kind, MOST_NAMED))];
  return parts.join(', ');
}

/** The same, each in full. */
export function fieldList(fields: readonly FieldDifference[]): readonly string[] {
  return [...plain(fields), ...KINDS.flatMap((kind) => named(fields, kind, Number.POSITIVE_INFINITY))];
}

function plain(fields: readonly FieldDifference[]): readonly string[] {
  const some = fields.filter(({ field }) => field in WORDS || !KINDS.some(([prefix]) => field.startsWith(prefix)));
  const [images, others] = [some.filter(isImage), some.filter((field) => !isImage(field))];
  return [...new Set([...images, ...others].map(fieldMarkdown))];
}

function isImage({ field }: FieldDifference): boolean {
  return field === 'image';
}

function fieldMarkdown({ field, before, after }: FieldDifference): string {
  const what = WORDS[field] ?? cell(field);
  return before === undefined || after === undefined ? what : `${what} ${value(before)} → ${value(after)}`;
}

function value(text: string): string {
  return text === 'none' ? 'none' : code(shortIds(text));
}

function named(
  fields: readonly FieldDifference[],
  [prefix, one, several]: (typeof KINDS)[number],
  most: number,
): readonly string[] {
  const names = fields.flatMap(({ field }) =>
    field.startsWith(prefix) && !(field in WORDS) ? [field.slice(prefix.length)] : [],
  );
  if (names.length === 0) return [];
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return [`${names.length === 1 ? one : several} ${names.slice(0, most).map(code).join(', ')}${more}`];
}

/** Images as they were and are to be, with what the registry calls them. */
export function imageMarkdown({
  imageBefore = '',
  imageAfter = '',
  digestBefore,
  digestAfter,
  isPulled,
}: Change): string {
  const pulled = isPulled ? ', still to be pulled' : '';
  if (imageBefore === imageAfter) return `${code(shortIds(imageAfter))}${moved(digestBefore, digestAfter)}${pulled}`;
  const after = `${withDigest(imageAfter, digestAfter)}${pulled}`;
  return imageBefore === '' ? after : `${withDigest(imageBefore, digestBefore)} → ${after}`;
}

function moved(before: string | undefined, after: string | undefined): string {
  if (before === after || before === undefined || after === undefined) return '';
  return ` (${code(shortIds(before))} → ${code(shortIds(after))})`;
}

function withDigest(image: string, digest: string | undefined): string {
  const isTold = digest === undefined || image.includes(digest);
  return `${code(shortIds(image))}${isTold ? '' : ` (${code(shortIds(digest))})`}`;
}
