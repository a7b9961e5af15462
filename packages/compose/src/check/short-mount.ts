import { posix } from 'node:path';
import { newMap, type PlainMap } from './plain.ts';

/** A mount in long syntax, or why there is none. */
type ShortMount = { readonly mount: PlainMap } | { readonly fault: string };

const PROPAGATIONS = new Set(['rprivate', 'private', 'rshared', 'shared', 'rslave', 'slave']);

/** `[source:]target[:options]`. A letter before a colon is a drive of Windows. */
export function parseMount(text: string): ShortMount {
  if (text === '') return { fault: 'it is empty' };
  if (text.length < 3) return { mount: newMap({ type: 'volume', target: cleaned(text) }) };
  const parts = partsOf(text);
  if (parts.includes('')) return { fault: 'nothing stands between two colons or at an end' };
  if (parts.length > 3) return { fault: 'it has too many colons' };
  const [first = '', second, options = ''] = parts;
  if (second === undefined) return { mount: newMap({ type: 'volume', target: cleaned(first), volume: newMap() }) };
  return { mount: mountOf(first, second, options.split(',')) };
}

function partsOf(text: string): string[] {
  const parts: string[] = [''];
  for (const letter of text) {
    const last = parts.at(-1) ?? '';
    if (letter === ':' && !/^\p{L}$/u.test(last)) parts.push('');
    else parts[parts.length - 1] = last + letter;
  }
  return parts;
}

function mountOf(source: string, target: string, options: readonly string[]): PlainMap {
  const isBind = isPath(source);
  const bind = newMap();
  for (const option of options) {
    if (PROPAGATIONS.has(option)) bind['propagation'] = option;
    if (option === 'z' || option === 'Z') bind['selinux'] = option;
  }
  const isReadOnly = options.findLast((option) => option === 'ro' || option === 'rw') === 'ro';
  const hasBind = isBind || Object.keys(bind).length > 0;
  if (isBind) bind['create_host_path'] = true;
  const volume = newMap(options.includes('nocopy') ? { nocopy: true } : {});
  return newMap({
    type: isBind ? 'bind' : 'volume',
    source,
    target: cleaned(target),
    ...(isReadOnly && { read_only: true }),
    ...(hasBind && { bind }),
    ...((!isBind || options.includes('nocopy')) && { volume }),
  });
}

/** Everything else is the name of a volume. */
function isPath(source: string): boolean {
  return /^[./~]|^\\\\|^\p{L}:/u.test(source);
}

function cleaned(target: string): string {
  const clean = posix.normalize(target);
  return clean.length > 1 ? clean.replace(/\/$/, '') : clean;
}
