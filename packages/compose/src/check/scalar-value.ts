import { Timestamp } from './plain.ts';

type ScalarValue = null | boolean | number | string | Timestamp;

const WORDS: ReadonlyMap<string, ScalarValue> = new Map<string, ScalarValue>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF'].flatMap((word) => [
    [word, Number.POSITIVE_INFINITY] as const,
    [`+${word}`, Number.POSITIVE_INFINITY] as const,
    [`-${word}`, Number.NEGATIVE_INFINITY] as const,
  ]),
]);

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const DATE = /^(\d{4})-(\d\d?)-(\d\d?)(?:(?:[Tt]|[ ])(\d\d?):(\d\d?):(\d\d?)(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)?)?$/;

/**
 * What Compose's YAML reader (yaml.v3) makes of a plain scalar: YAML 1.2, but with the octal numbers, the underscores
 * and the dates of YAML 1.1; without its `yes` and `no` and its base 60.
 */
export function plainScalar(source: string): ScalarValue {
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(source)) return source;
  if (source.startsWith('.')) return FLOAT.test(source) ? Number(source) : source;
  if (isDate(source)) return new Timestamp(source);
  return number(source.replaceAll('_', '')) ?? source;
}

/** Whether Compose takes a plain scalar for an octal number, as `0755` without quotes. */
export function isOctal(source: string): boolean {
  return /^[-+]?0[0-7_]*[0-7]$/.test(source) && !/^[-+]?0+$/.test(source);
}

function number(text: string): number | string | undefined {
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  const whole = wholeNumber(digits);
  if (whole !== undefined) return signed(sign, whole);
  return FLOAT.test(text) ? Number(text) : undefined;
}

function wholeNumber(digits: string): bigint | undefined {
  if (/^0[xX][\da-fA-F]+$|^0[bB][01]+$|^0[oO][0-7]+$/.test(digits)) return BigInt(digits.toLowerCase());
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  return /^(?:0|[1-9]\d*)$/.test(digits) ? BigInt(digits) : undefined;
}

/** What does not fit into 64 bits is a float. A number that JavaScript would round stays text, which is what becomes of it. */
function signed(sign: string, whole: bigint): number | string {
  const value = sign === '-' ? -whole : whole;
  const isRounded = value < Number.MIN_SAFE_INTEGER || value > Number.MAX_SAFE_INTEGER;
  const isWhole = value <= 0xffff_ffff_ffff_ffffn && value >= -0x8000_0000_0000_0000n;
  return isRounded && isWhole ? String(value) : Number(value);
}

function isDate(source: string): boolean {
  const [, year, month, day, hour = '0', minute = '0', second = '0'] = DATE.exec(source) ?? [];
  if (year === undefined) return false;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  const isDay = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days;
  return isDay && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}
