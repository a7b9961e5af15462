/** Variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** Why a variable has no value, or why the text is no template. */
export interface InterpolationFault {
  readonly kind: 'unset' | 'required' | 'invalid' | 'overlong';
  /** The variable; for `invalid` and `overlong` the text itself. */
  readonly name: string;
  /** What the text after `:?` says. */
  readonly reason?: string;
  /** As written, e.g. `${HOST}`. */
  readonly written: string;
}

export interface Interpolated {
  readonly text: string;
  readonly faults: readonly InterpolationFault[];
}

/**
 * Replaces `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME:?reason}`, `${NAME:+other}` and their forms without colon,
 * as Compose does: `$$` is a dollar sign, a lone `$` stays, defaults are templates themselves and are read even
 * where they are not used.
 * https://docs.docker.com/reference/compose-file/interpolation/
 */
export function interpolate(template: string, variables: Variables, depth = 0): Interpolated {
  const faults: InterpolationFault[] = [];
  let text = '';
  let at = 0;
  for (let dollar = template.indexOf('$'); dollar !== -1; dollar = template.indexOf('$', at)) {
    if (depth > DEEPEST || text.length > LONGEST) return overlong(template, text);
    const piece = readPiece(template, dollar, variables, depth);
    text += template.slice(at, dollar) + piece.text;
    faults.push(...piece.faults);
    at = dollar + piece.length;
  }
  return { text: text + template.slice(at), faults };
}

/** Defaults within defaults. */
const DEEPEST = 50;
/** In characters. A program can't be given a variable of more than 128 KiB, and a few lines can ask for more than there is memory. */
const LONGEST = 1024 * 1024;

function overlong(template: string, text: string): Interpolated {
  return { text, faults: [{ kind: 'overlong', name: template, written: template }] };
}

interface Piece extends Interpolated {
  /** How much of the template it took. */
  readonly length: number;
}

// `iu`, as for Compose `ſ` and the sign for kelvin are letters like s and k.
const NAMED = /\$([a-z_][a-z0-9_]*)/iuy;
const BRACED = /^([a-z_][a-z0-9_]*)(?:(:?[-?+])([^\n]*))?$/iu;

function readPiece(template: string, dollar: number, variables: Variables, depth: number): Piece {
  const next = template[dollar + 1];
  if (next === '$') return { text: '$', faults: [], length: 2 };
  if (next === '{') return readBraced(template, dollar, variables, depth);
  NAMED.lastIndex = dollar;
  const [written, name] = NAMED.exec(template) ?? [];
  if (written === undefined || name === undefined) return { text: '$', faults: [], length: 1 };
  return { ...plainVariable(name, written, variables), length: written.length };
}

function readBraced(template: string, dollar: number, variables: Variables, depth: number): Piece {
  const end = closingBrace(template, dollar + 1);
  const written = template.slice(dollar, end + 1);
  const [, name, operator = '', operand = ''] = BRACED.exec(written.slice(2, -1)) ?? [];
  if (name === undefined || end === 0) {
    const rest = template.slice(dollar);
    return { text: rest, faults: [{ kind: 'invalid', name: rest, written: rest }], length: rest.length };
  }
  if (operator === '') return { ...plainVariable(name, written, variables), length: written.length };
  const expression = { name, operator, operand, written };
  return { ...withOperand(expression, variables, depth), length: written.length };
}

/** Every opening brace counts, also those of a default such as `{"x":1}`; `0` if there is none. */
function closingBrace(template: string, from: number): number {
  let depth = 0;
  for (let index = from; index < template.length; index++) {
    if (template[index] === '{') depth++;
    if (template[index] === '}' && --depth === 0) return index;
  }
  return 0;
}

function plainVariable(name: string, written: string, variables: Variables): Interpolated {
  const value = lookUp(variables, name);
  return { text: value ?? '', faults: value === undefined ? [{ kind: 'unset', name, written }] : [] };
}

interface Expression {
  readonly name: string;
  /** `-`, `?` or `+`, with or without `:`, which makes an empty value count as none. */
  readonly operator: string;
  readonly operand: string;
  readonly written: string;
}

function withOperand(
  { name, operator, operand, written }: Expression,
  variables: Variables,
  depth: number,
): Interpolated {
  const value = lookUp(variables, name);
  const hasValue = value !== undefined && !(operator.startsWith(':') && value === '');
  const { text: other, faults } = interpolate(operand, variables, depth + 1);
  if (operator.endsWith('-')) return { text: hasValue ? value : other, faults };
  if (operator.endsWith('+')) return { text: hasValue ? other : '', faults };
  if (hasValue) return { text: value, faults };
  return { text: '', faults: [...faults, { kind: 'required', name, reason: other, written }] };
}

function lookUp(variables: Variables, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** In the place of a value that nobody knows here: a character that no Compose file holds. */
export const UNKNOWN_VALUE = '\uE000';
