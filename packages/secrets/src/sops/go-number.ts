/** A number as Go's `strconv.FormatFloat(n, 'f', -1, 64)` writes it: the shortest digits, never an exponent. */
export function plainDigits(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', exponent] = String(value).split('e');
  if (exponent === undefined) return mantissa;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.');
  return sign + shifted(whole, fraction, Number(exponent));
}

function shifted(whole: string, fraction: string, by: number): string {
  const digits = whole + fraction;
  const point = whole.length + by;
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits.padEnd(point, '0');
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** A number as Go's `strconv.FormatFloat(n, 'g', -1, 64)` writes it: an exponent from a million on and below 0.0001. */
export function exponentDigits(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return plainDigits(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** A number as Go's `encoding/json` writes it: an exponent from 1e21 on and below 0.000001. */
export function jsonDigits(value: number): string {
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-6 && size < 1e21)) return plainDigits(value);
  return value.toExponential();
}
