/** Variables by name. */
export type Variables = Readonly<Record<string, string>>;

/** Why a variable has no value, or why the text is no template. */
export interface InterpolationFault {
  readonly kind: 'unset' | 'required' | 'invalid';
  /** The variable; for `invalid` the text itself. */
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
export function interpolate(template: string, variables: Variables): Interpolated {
  const faults: InterpolationFault[] = [];
  let text = '';
  let at = 0;
  for (let dollar = template.indexOf('$'); dollar !== -1; dollar = template.indexOf('$', at)) {
    const piece = readPiece(template, dollar, variables);
    text += template.slice(at, dollar) + piece.text;
    faults.push(...piece.faults);
    at = dollar + piece.length;
  }
  return { text: text + template.slice(at), faults };
}

interface Piece extends Interpolated {
  /** How much of the template it took. */
  readonly length: number;
}

const NAMED = /\$([A-Za-z_][A-Za-z0-9_]*)/y;
const BRACED = /^([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?+])([^\n]*))?$/;

function readPiece(template: string, dollar: number, variables: Variables): Piece {
  const next = template[dollar + 1];
  if (next === '$') return { text: '$', faults: [], length: 2 };
  if (next === '{') return readBraced(template, dollar, variables);
  NAMED.lastIndex = dollar;
  const [written, name] = NAMED.exec(template) ?? [];
  if (written === undefined || name === undefined) return { text: '$', faults: [], length: 1 };
  return { ...plainVariable(name, written, variables), length: written.length };
}

function readBraced(template: string, dollar: number, variables: Variables): Piece {
  const end = closingBrace(template, dollar + 1);
  const written = template.slice(dollar, end + 1);
  const [, name, operator = '', operand = ''] = BRACED.exec(written.slice(2, -1)) ?? [];
  if (name === undefined || end === 0) {
    const rest = template.slice(dollar);
    return { text: rest, faults: [{ kind: 'invalid', name: rest, written: rest }], length: rest.length };
  }
  if (operator === '') return { ...plainVariable(name, written, variables), length: written.length };
  return { ...withOperand({ name, operator, operand, written }, variables), length: written.length };
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

function withOperand({ name, operator, operand, written }: Expression, variables: Variables): Interpolated {
  const value = lookUp(variables, name);
  const hasValue = value !== undefined && !(operator.startsWith(':') && value === '');
  const { text: other, faults } = interpolate(operand, variables);
  if (operator.endsWith('-')) return { text: hasValue ? value : other, faults };
  if (operator.endsWith('+')) return { text: hasValue ? other : '', faults };
  if (hasValue) return { text: value, faults };
  return { text: '', faults: [...faults, { kind: 'required', name, reason: other, written }] };
}

function lookUp(variables: Variables, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
