const DATE = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`;
const TIME = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?`;
/** The forms that Go's yaml.v3 takes for a time; only one with a `T` has a zone. */
const FORMS = [`${DATE}[Tt]${TIME}(Z|[-+]\\d\\d:\\d\\d)`, `${DATE} ${TIME}`, DATE].map(
  (form) => new RegExp(`^${form}$`),
);

/** A YAML time as Go writes it (RFC 3339); undefined if the text is none. */
export function timestamp(source: string): string | undefined {
  for (const form of FORMS) {
    const match = form.exec(source);
    if (match) return rfc3339(match.slice(1));
  }
  return undefined;
}

function rfc3339(parts: readonly (string | undefined)[]): string | undefined {
  const [year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts;
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const digits = fraction.slice(0, 10).replace(/\.?0*$/, '');
  const date = [year, month, day].map(twoDigits).join('-');
  const time = [hour, minute, second].map(twoDigits).join(':');
  return `${date}T${time}${digits}${zone === '+00:00' ? 'Z' : zone}`;
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  date.setUTCFullYear(year);
  return month >= 1 && month <= 12 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function twoDigits(number: string): string {
  return number.padStart(2, '0');
}
