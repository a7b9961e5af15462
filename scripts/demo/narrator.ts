import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

interface Row {
  readonly title: string;
  readonly outcome: string;
  readonly release: string;
  readonly seconds: string;
}

const WIDTH = 112;

/** Tells the demo: colours on a terminal, plain text elsewhere. */
export class Narrator {
  readonly #stream: NodeJS.WriteStream;
  readonly #rows: Row[] = [];
  readonly #start = performance.now();
  #scene = { title: '', start: 0 };
  #checks = 0;
  #failures = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** How many checks did not hold. */
  get failures(): number {
    return this.#failures;
  }

  title(text: string): void {
    this.#line(`\n${this.#styled('bold', text)}`);
  }

  say(text: string): void {
    this.#line(text);
  }

  scene(number: number, title: string, story: string): void {
    this.#scene = { title, start: performance.now() };
    this.#line(`\n${this.#styled(['bold', 'cyan'], `${number}. ${title}`)}\n   ${story}`);
  }

  /** What the deployment itself printed. */
  quote(lines: readonly string[]): void {
    for (const line of lines) this.#line(this.#styled('dim', `   │ ${shortened(line)}`));
  }

  /** Says that something was verified, or what was seen instead. */
  check(what: string, holds: boolean, seen = ''): void {
    this.#checks++;
    if (!holds) this.#failures++;
    const mark = holds ? this.#styled('green', '✔') : this.#styled('red', '✘');
    this.#line(`   ${mark} ${what}${holds || seen === '' ? '' : `; seen: ${seen}`}`);
  }

  sceneEnds(outcome: string, release: string): void {
    const seconds = ((performance.now() - this.#scene.start) / 1000).toFixed(1);
    this.#rows.push({ title: this.#scene.title, outcome, release, seconds });
    this.#line(this.#styled('dim', `   ${seconds} s`));
  }

  /** The closing table, the count, and where to go from here. */
  end(): void {
    const head = { title: 'scene', outcome: 'ended as', release: 'current release', seconds: 'seconds' };
    this.#line('');
    for (const [index, row] of [head, ...this.#rows].entries()) {
      const text = `${row.title.padEnd(30)}${row.outcome.padEnd(23)}${row.release.padEnd(18)}${row.seconds.padStart(7)}`;
      this.#line(index === 0 ? this.#styled('bold', text) : text);
    }
    this.#line(`\n${this.#sum()}\n`);
    for (const line of NEXT) this.#line(line);
  }

  #sum(): string {
    const seconds = Math.round((performance.now() - this.#start) / 1000);
    if (this.#failures === 0)
      return this.#styled(['bold', 'green'], `All ${this.#checks} checks held, in ${seconds} s.`);
    return this.#styled(['bold', 'red'], `${this.#failures} of ${this.#checks} checks did not hold.`);
  }

  #styled(style: Style, text: string): string {
    return this.#stream.isTTY ? styleText(style, text, { stream: this.#stream }) : text;
  }

  #line(text: string): void {
    this.#stream.write(`${text}\n`);
  }
}

const NEXT = [
  'Everything the demo made is being taken away again. From here:',
  '  README.md                     your first environment',
  '  docs/how-a-deploy-works.md    what you have just seen, step by step',
  '  bash scripts/test.sh          the same and more, as tests',
];

function shortened(line: string): string {
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}
