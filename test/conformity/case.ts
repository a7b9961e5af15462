/** A small project, and what is to be said of it. */
export interface Case {
  readonly title: string;
  /** By path within the folder of the stack. */
  readonly files: Readonly<Record<string, string>>;
  /** Why we judge otherwise than Compose, on purpose. */
  readonly differs?: string;
  /** What one service says, if the project says nothing else. */
  readonly lines?: string;
}

/** A project of one Compose file. */
export function file(title: string, text: string, more: Partial<Case> = {}): Case {
  return { title, files: { 'compose.yaml': text, ...more.files }, ...(more.differs && { differs: more.differs }) };
}

/** Projects of one service `a` with the lines of each of `texts`. */
export function services(...texts: readonly string[]): Case[] {
  return texts.map((text) => service(text));
}

/** A project of one service `a` with these lines. */
export function service(text: string, more: Partial<Case> = {}): Case {
  const mounted = text.includes('./a') ? { 'a/x': '' } : {};
  const yaml = `services:\n${serviceText('a', text)}`;
  return { ...file(text, yaml, { ...more, files: { ...mounted, ...more.files } }), lines: text };
}

/** All of these services in one project. */
export function together(cases: readonly Case[]): Case {
  const services = cases.map(({ lines = '' }, index) => serviceText(`a${index}`, lines));
  const files = Object.assign({}, ...cases.map((one) => one.files));
  return { title: `${cases.length} services`, files: { ...files, 'compose.yaml': `services:\n${services.join('')}` } };
}

function serviceText(name: string, lines: string): string {
  return `  ${name}:\n    image: example/a\n${indented(lines, 4)}`;
}

/** Projects of one service `a` and these lines beside `services`. */
export function beside(...texts: readonly string[]): Case[] {
  return texts.map((text) => file(text, `services:\n  a:\n    image: example/a\n${text}\n`));
}

function indented(text: string, by: number): string {
  return `${text.replaceAll(/^/gm, ' '.repeat(by))}\n`;
}
