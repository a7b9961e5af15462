import { plainDigits } from '../go-number.ts';
import type { ScalarType } from '../tree.ts';
import { timestamp } from './timestamp.ts';

/** A plain YAML scalar with its type and as SOPS hashes it. */
interface ResolvedScalar {
  readonly type: ScalarType;
  readonly text: string;
}

const BOOLEANS = new Map([
  ...['true', 'True', 'TRUE'].map((word) => [word, 'True'] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, 'False'] as const),
]);
const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL']);
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|0|[1-9]\d*)$/;
const SPECIAL_FLOAT = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** The type of a scalar without quotes and tag, by the rules of Go's yaml.v3, which SOPS reads with. */
export function resolvePlain(source: string): ResolvedScalar {
  const boolean = BOOLEANS.get(source);
  if (boolean) return { type: 'bool', text: boolean };
  if (NULLS.has(source)) return { type: 'null', text: '' };
  const time = timestamp(source);
  if (time !== undefined) return { type: 'time', text: time };
  if (SPECIAL_FLOAT.test(source)) return { type: 'float', text: specialFloat(source) };
  return resolveNumber(source) ?? { type: 'str', text: source };
}

function resolveNumber(source: string): ResolvedScalar | undefined {
  if (!/^[-+.\d]/.test(source)) return undefined;
  const digits = source.replaceAll('_', '');
  if (INTEGER.test(digits)) {
    const value = integer(digits);
    if (value >= -(2n ** 63n) && value < 2n ** 64n) return { type: 'int', text: String(value) };
  }
  const isFloat = FLOAT.test(digits) && Number.isFinite(Number(digits));
  return isFloat ? { type: 'float', text: plainDigits(Number(digits)) } : undefined;
}

/** Go reads a leading 0 as octal. */
function integer(digits: string): bigint {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/.exec(digits) ?? [];
  const value = BigInt(rest.replace(/^0[oO]?(?=[0-7])/, '0o').replace(/^0o$/, '0'));
  return sign === '-' ? -value : value;
}

/** As Go writes them. */
function specialFloat(source: string): string {
  if (/nan/i.test(source)) return 'NaN';
  return source.startsWith('-') ? '-Inf' : '+Inf';
}
