import type { Finding } from '@gitops/core';

/** What a comment says to switch rules off: `gitops-ignore secret/literal, compose/untagged-image -- why`. */
const SWITCH = 'gitops-ignore';
const RULES = /^\s+([\w-]+\/[\w-]+(?:\s*,\s*[\w-]+\/[\w-]+)*)/;
/** Where a comment may begin in whatever language a file is written. */
const COMMENT = /(?<!\S)#|\/\/|;|--|<!--|\/\*/;
/** Files with comments of one kind: after `#`, at the beginning of a line or behind a blank, and outside of quotes. */
const PLAIN_FILE = /\.(?:ya?ml|env)$|(?:^|\/)\.env[^/]*$/i;
/** A quote that stands behind something else is an apostrophe; one behind another is a quote within quotes. */
const BEFORE_QUOTE = /[\s"',:=[{]/;

/**
 * The findings that no comment in their file switches off: one behind the line, or alone on the line above. `textOf`
 * gives the text of a file, or undefined for what is none.
 */
export function withoutIgnored(
  findings: readonly Finding[],
  textOf: (file: string) => string | undefined,
): readonly Finding[] {
  const switches = new Map<string, readonly IgnoringLine[]>();
  return findings.filter(({ file, line, rule }) => {
    if (line === undefined) return true;
    const known = switches.get(file) ?? ignoringLines(file, textOf(file) ?? '');
    switches.set(file, known);
    return !known.some((each) => each.line === line && each.rules.includes(rule));
  });
}

/** What is wrong with comments that mean to switch rules off: they name none, or one that nobody knows. */
export function ignoringFaults(file: string, text: string, known: ReadonlySet<string>): readonly IgnoringFault[] {
  return ignoringLines(file, text).flatMap(({ place, rules, isMeant }) => {
    if (rules.length === 0) return isMeant ? [{ ...place, message: NO_RULE, remedy: NAME_RULE }] : [];
    const unknown = rules.filter((rule) => !known.has(rule));
    return unknown.map((rule) => ({
      ...place,
      message: `there is no rule ${rule} to switch off`,
      remedy: CORRECT_RULE,
    }));
  });
}

/** A finding without its rule, level and file. */
export type IgnoringFault = Required<Pick<Finding, 'line' | 'column' | 'message' | 'remedy'>>;

const NO_RULE = `\`${SWITCH}\` names no rule, so it switches nothing off`;
const NAME_RULE = `name the rules that it is about: \`${SWITCH} RULE, RULE -- why\``;
const CORRECT_RULE = 'correct its name as the finding shows it, or remove the comment';

interface IgnoringLine {
  /** The line it is about. */
  readonly line: number;
  readonly rules: readonly string[];
  /** Where it stands itself. */
  readonly place: { readonly line: number; readonly column: number };
  /** The comment begins with it, so it does not just speak of it. */
  readonly isMeant: boolean;
}

function ignoringLines(file: string, text: string): readonly IgnoringLine[] {
  if (!text.includes(SWITCH)) return [];
  const startOf = PLAIN_FILE.test(file) ? plainComment : anyComment;
  return text.split('\n').flatMap((line, index) => (line.includes(SWITCH) ? ignoring(line, index + 1, startOf) : []));
}

function ignoring(line: string, number: number, startOf: (line: string) => number): readonly IgnoringLine[] {
  const start = startOf(line);
  const at = start === -1 ? -1 : line.indexOf(SWITCH, start);
  if (at === -1) return [];
  // Nothing but a comment can only be about the line below.
  const isAlone = line.slice(0, start).trim() === '';
  return [
    {
      line: isAlone ? number + 1 : number,
      rules: RULES.exec(line.slice(at + SWITCH.length))?.[1]?.split(/\s*,\s*/) ?? [],
      place: { line: number, column: at + 1 },
      isMeant: !/\w/.test(line.slice(start, at)),
    },
  ];
}

function anyComment(line: string): number {
  return line.search(COMMENT);
}

/** Where the comment of a line of YAML or dotenv begins, or -1. */
function plainComment(line: string): number {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const [before, sign] = [line[at - 1] ?? ' ', line[at]];
    if (quote === '"' && sign === '\\') at += 1;
    else if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '#' && /\s/.test(before)) return at;
    else if ((sign === '"' || sign === "'") && BEFORE_QUOTE.test(before)) quote = sign;
  }
  return -1;
}
