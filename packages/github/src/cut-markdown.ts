/** Behind backticks there are no more of them: that would be code within a line. */
const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;

/** What is open at a place of a text. */
interface Open {
  /** The fence of a code block; `''` outside of one. */
  readonly fence: string;
  /** How many `<details>`. */
  readonly details: number;
}

/** How much room a text takes. */
type Measure = (text: string) => number;

/**
 * The text, if it takes no more than `limit`, which is characters where nothing else is measured, else its first lines and `pointer`.
 * It is cut neither within a block of code nor within `<details>`, which would swallow the pointer and whatever comes after.
 */
export function cutMarkdown(
  text: string,
  limit: number,
  pointer: string,
  measure: Measure = ({ length }) => length,
): string {
  if (measure(text) <= limit) return text;
  const room = limit - measure(`\n\n${pointer}`);
  return `${text.slice(0, lastGoodCut(text, room, measure)).trimEnd()}\n\n${pointer}`;
}

/** The end of the last line with everything closed that is not beyond `room`. */
function lastGoodCut(text: string, room: number, measure: Measure): number {
  let open: Open = { fence: '', details: 0 };
  let good = 0;
  let taken = 0;
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd < 0 ? text.length : lineEnd + 1;
    const line = text.slice(start, end);
    taken += measure(line);
    if (taken > room) break;
    open = after(open, line);
    if (open.fence === '' && open.details === 0) good = end;
    start = end;
  }
  return good;
}

function after({ fence, details }: Open, line: string): Open {
  const [, marks = ''] = FENCE.exec(line.trimEnd()) ?? [];
  if (fence !== '') return { fence: isClosing(line, marks, fence) ? '' : fence, details };
  if (marks !== '') return { fence: marks, details };
  const opened = line.match(/<details\b/gi)?.length ?? 0;
  const closed = line.match(/<\/details>/gi)?.length ?? 0;
  return { fence, details: Math.max(0, details + opened - closed) };
}

/** A fence ends with the same marks, as many or more, and nothing behind them. */
function isClosing(line: string, marks: string, fence: string): boolean {
  return marks[0] === fence[0] && marks.length >= fence.length && line.trim() === marks;
}
