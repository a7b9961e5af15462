import { type Finding, formsOf, type Position } from '@gitops/core';
import { secretFinding } from '../rules.ts';
import type { Secret } from '../secret.ts';
import { isPlaceholder, isSecretLiteral, looksRandom } from './literal.ts';
import { Needles, SHORTEST_NEEDLE_BYTES } from './needles.ts';
import type { ScannedFile } from './scanned-file.ts';

/** A decrypted value, what it is called, and the encrypted file that it is of. */
export interface DecryptedValue {
  readonly name: string;
  readonly file: string;
  readonly value: Secret;
}

/** What a found text stands for. */
interface Origin {
  readonly name: string;
  readonly file: string;
  readonly isEncoded: boolean;
}

/**
 * Decrypted values that are written in clear, or encoded, in any of the files, whatever they are; those that could be
 * anything, such as names of hosts, are not looked for. The first place in a file stands for all of it.
 */
export function copiedValueFindings(
  values: readonly DecryptedValue[],
  files: readonly ScannedFile[],
): readonly Finding[] {
  const needles = new Needles(values.filter(isDistinctive).flatMap(needlesOf));
  return files.flatMap((file) => copiesIn(file, needles).map((copy) => copyFinding(file, copy)));
}

interface Copy {
  readonly origin: Origin;
  /** The first place. */
  readonly offset: number;
  readonly last: number;
  /** Several forms of a value at one place count once. */
  readonly places: number;
}

function copiesIn(file: ScannedFile, needles: Needles<Origin>): readonly Copy[] {
  const copies = new Map<string, Copy>();
  for (const { offset, meaning: origin } of needles.matches(file.content)) {
    if (origin.file === file.path) continue;
    const key = `${origin.file}\0${origin.name}`;
    const known = copies.get(key);
    if (!known) copies.set(key, { origin, offset, last: offset, places: 1 });
    else if (offset > known.last) copies.set(key, { ...known, last: offset, places: known.places + 1 });
  }
  return [...copies.values()];
}

function copyFinding({ path: file, content }: ScannedFile, { origin, offset, places }: Copy): Finding {
  const how = origin.isEncoded ? 'encoded' : 'in clear';
  const more = places > 1 ? `, and in this file ${places} times` : '';
  const message = `the decrypted value of \`${origin.name}\` (${origin.file}) is written here ${how}${more}`;
  const remedy =
    'name the variable here instead; then change the secret, since the history of git keeps this copy of it';
  return secretFinding('secret/decrypted-in-tree', { file, ...positionOf(content, offset) }, message, remedy);
}

function positionOf(content: Buffer, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let end = content.indexOf(10); end !== -1 && end < offset; end = content.indexOf(10, start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: content.toString('utf8', start, offset).length + 1 };
}

/** Words that stand everywhere, `postgres` in the name of its image; as a password they are bad enough by themselves. */
const GUESSED = /^(?:[a-z]{1,11}|[A-Z]{1,11}|\d{1,11})$/;

/** One case of letters, digits and what joins them: a host, an address, a path, a version, a name. */
const ORDINARY = /^(?:[a-z0-9._/@:,+ -]+|[A-Z0-9._/@:,+ -]+|[A-Za-z]+(?:[/_ .-][A-Za-z]+)*)$/;

/** Whether a value is hardly written anywhere by chance. */
function isDistinctive({ name, value }: DecryptedValue): boolean {
  const text = value.reveal();
  if (Buffer.byteLength(text) < SHORTEST_NEEDLE_BYTES || isPlaceholder(text) || GUESSED.test(text)) return false;
  return isSecretLiteral(name, text) || looksRandom(text) || !ORDINARY.test(text);
}

function needlesOf({ name, file, value }: DecryptedValue) {
  const text = value.reveal();
  const forms = new Set([...formsOf(text), ...insideBase64(text)]);
  const long = [...forms].filter((form) => Buffer.byteLength(form) >= SHORTEST_NEEDLE_BYTES);
  return long.map((form) => ({
    bytes: Buffer.from(form),
    meaning: { name, file, isEncoded: !text.includes(form) },
  }));
}

/** What base64 makes of a value that stands somewhere in what was encoded (`user:password`), without what its neighbours change. */
function insideBase64(text: string): readonly string[] {
  return [1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString('base64');
    const bits = (before + Buffer.byteLength(text)) * 8;
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
  });
}
