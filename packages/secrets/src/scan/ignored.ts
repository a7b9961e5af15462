import type { Finding } from '@gitops/core';

/** What a comment says to switch rules off: `gitops-ignore secret/literal, compose/untagged-image -- why`. */
const SWITCH = 'gitops-ignore';
const RULES = /^\s+([\w-]+\/[\w-]+(?:\s*,\s*[\w-]+\/[\w-]+)*)/;
const COMMENT = /#|\/\/|;|--|<!--|\/\*/;
/** Nothing but a comment, so that it can only be about the line below. */
const COMMENT_LINE = /^\s*(?:#|\/\/|;|--|<!--|\/\*)/;

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
    const known = switches.get(file) ?? ignoringLines(textOf(file) ?? '');
    switches.set(file, known);
    return !known.some((each) => each.line === line && each.rules.includes(rule));
  });
}

interface IgnoringLine {
  /** The line it is about. */
  readonly line: number;
  readonly rules: readonly string[];
}

function ignoringLines(text: string): readonly IgnoringLine[] {
  if (!text.includes(SWITCH)) return [];
  return text.split('\n').flatMap((line, index) => {
    const at = line.indexOf(SWITCH);
    if (at === -1 || !COMMENT.test(line.slice(0, at))) return [];
    const rules = RULES.exec(line.slice(at + SWITCH.length))?.[1]?.split(/\s*,\s*/) ?? [];
    return [{ line: COMMENT_LINE.test(line) ? index + 2 : index + 1, rules }];
  });
}
