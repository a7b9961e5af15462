import { GitopsError } from '@gitops/core';

/** Something a person is asked for, and the flag that says it instead. */
export interface Question {
  readonly flag: string;
  readonly text: string;
  /** What the flag says. */
  readonly given?: string | undefined;
  readonly fallback?: string | undefined;
  /** What to write instead, if the answer won't do. */
  readonly problem: (answer: string) => string | undefined | Promise<string | undefined>;
}

/** Shows a text and returns the line that is typed. Throws `GitopsError` `cancelled` if there will be none. */
export type Prompt = (text: string) => Promise<string>;

/** Gets answers from flags, from a person, or from defaults, in this order; without a person it never waits. */
export class Interview {
  readonly #prompt: Prompt | undefined;
  readonly #takesDefaults: boolean;
  readonly #missing: string[] = [];

  /** Without a prompt nobody is asked. */
  constructor(prompt: Prompt | undefined, takesDefaults: boolean) {
    this.#prompt = prompt;
    this.#takesDefaults = takesDefaults || prompt === undefined;
  }

  get hasPerson(): boolean {
    return this.#prompt !== undefined;
  }

  /** The answer; an empty text if it is missing, which `refuseMissing` tells. Throws `GitopsError` `input`. */
  async answer(question: Question): Promise<string> {
    const { given, fallback } = question;
    if (given !== undefined) return judged(question, given);
    if (fallback !== undefined && this.#takesDefaults) return judged(question, fallback);
    if (this.#prompt) return ask(this.#prompt, question);
    this.miss(question.flag);
    return '';
  }

  /** Notes that a flag is needed. */
  miss(flag: string): void {
    this.#missing.push(flag);
  }

  /** Throws `GitopsError` `input` naming every flag that is needed and was not given. */
  refuseMissing(): void {
    if (this.#missing.length === 0) return;
    throw new GitopsError('input', {
      attempted: 'write a repository',
      seen: 'some things are not said, and there is no terminal to ask on',
      remedy: `add ${this.#missing.join(', ')}`,
    });
  }

  /** Yes or no; `undefined` if there is nobody to ask. Without a fallback only a whole word counts. */
  async confirm(text: string, fallback?: boolean): Promise<boolean | undefined> {
    if (!this.#prompt) return undefined;
    if (fallback !== undefined && this.#takesDefaults) return fallback;
    const choices = fallback === undefined ? 'yes/no' : fallback ? 'Y/n' : 'y/N';
    for (;;) {
      const typed = (await this.#prompt(`${text} [${choices}] `)).trim().toLowerCase();
      if (typed === '' && fallback !== undefined) return fallback;
      if (typed === 'yes' || (fallback !== undefined && typed === 'y')) return true;
      if (typed === 'no' || typed === 'n') return false;
    }
  }
}

async function judged({ flag, problem }: Question, value: string): Promise<string> {
  const remedy = await problem(value);
  if (remedy === undefined) return value;
  throw new GitopsError('input', { attempted: `read ${flag}`, seen: JSON.stringify(value), remedy });
}

async function ask(prompt: Prompt, { text, fallback, problem }: Question): Promise<string> {
  let complaint = '';
  for (;;) {
    const hint = fallback ? ` [${fallback}]` : '';
    const typed = (await prompt(`${complaint}${text}${hint}: `)).trim() || (fallback ?? '');
    const remedy = await problem(typed);
    if (remedy === undefined) return typed;
    complaint = `  → ${remedy}\n`;
  }
}
