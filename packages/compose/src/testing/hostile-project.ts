/** A project of somebody who wants to see a file of the host. `OUTSIDE` stands for a folder there, `UP` for the relative way to it. */
export interface HostileProject {
  readonly what: string;
  /** By path; a link is written `-> target`. The stack lies in the folder `stack`. */
  readonly files: Readonly<Record<string, string>>;
  /** `RULE FILE:LINE` of what must be found before a host is asked. Left out: it goes to a host, and nothing is read there. */
  readonly refused?: string;
}

/** Its main file. */
export const COMPOSE = 'stack/compose.yaml';

/** A service with more lines, the fourth of the file and on. */
export function web(...lines: readonly string[]): string {
  return ['services:', '  web:', '    image: nginx', ...lines.map((line) => `    ${line}`), ''].join('\n');
}

/** A service, and sections beside `services`, from the fourth line on. */
export function beside(...lines: readonly string[]): string {
  return ['services:', '  web:', '    image: nginx', ...lines, ''].join('\n');
}

export function refusedAt(
  what: string,
  rule: string,
  place: string,
  text: string,
  more: HostileProject['files'] = {},
): HostileProject {
  return { what, files: { [COMPOSE]: text, ...more }, refused: `${rule} ${place}` };
}

export function harmless(what: string, text: string, more: HostileProject['files'] = {}): HostileProject {
  return { what, files: { [COMPOSE]: text, ...more } };
}

export const AT_4 = `${COMPOSE}:4`;
export const AT_5 = `${COMPOSE}:5`;
export const FINE = { 'stack/a.env': 'B=1\n', 'stack/inc/c.yaml': 'services:\n  x:\n    image: y\n' };
