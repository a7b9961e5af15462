/** Which run wrote something: runs that began later are newer, and so is a later attempt of the same run. */
export interface RunStamp {
  /** `GITHUB_RUN_ID`, which grows over all workflows; `GITHUB_RUN_NUMBER` begins anew with each new workflow file. */
  readonly run: number;
  /** `GITHUB_RUN_ATTEMPT`. */
  readonly attempt: number;
}

const NAME = /^[\w./-]+$/;
const LINE = /^<!-- gitops-coordinator (?<name>[\w./-]+) run=(?<run>\d{1,15}) attempt=(?<attempt>\d{1,6}) -->\r?\n/;

/** The text below a line that nobody sees and that says what it is and which run wrote it. */
export function marked(name: string, { run, attempt }: RunStamp, text: string): string {
  if (!NAME.test(name))
    throw new RangeError(`a marker consists of letters, digits and ._/-, unlike ${JSON.stringify(name)}`);
  return `<!-- gitops-coordinator ${name} run=${run} attempt=${attempt} -->\n${text}`;
}

/** The run that wrote a text, and the text itself; `undefined` unless its first line is that marker: what is quoted further down is none. */
export function readMarked(
  name: string,
  body: string,
): { readonly stamp: RunStamp; readonly text: string } | undefined {
  const found = LINE.exec(body);
  const { name: own, run, attempt } = found?.groups ?? {};
  if (!found || own !== name) return undefined;
  return { stamp: { run: Number(run), attempt: Number(attempt) }, text: body.slice(found[0].length) };
}

/** Below 0 if `a` is older than `b`. */
export function byAge(a: RunStamp, b: RunStamp): number {
  return a.run - b.run || a.attempt - b.attempt;
}
