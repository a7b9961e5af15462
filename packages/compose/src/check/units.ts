/** What a text means in another form, or `undefined` if it means nothing. */
const UNIT_NS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
  w: 604_800e9,
};

/** A duration as Compose prints it: `90s` → `1m30s`. It takes days and weeks beside the units of Go. */
export function duration(text: string): string | undefined {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/s.exec(text) ?? [];
  if (rest === '0') return '0s';
  if (!/^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h|d|w))+$/.test(rest)) return undefined;
  const parts = [...rest.matchAll(/([\d.]+)([^\d.]+)/g)];
  const ns = parts.reduce((sum, [, amount, unit = '']) => sum + Number(amount) * (UNIT_NS[unit] ?? 0), 0);
  return ns === 0 ? '0s' : `${sign === '-' ? '-' : ''}${goDuration(Math.round(ns))}`;
}

function goDuration(ns: number): string {
  if (ns < 1e3) return `${ns}ns`;
  if (ns < 1e6) return `${ns / 1e3}µs`;
  if (ns < 1e9) return `${ns / 1e6}ms`;
  const seconds = `${(ns % 60e9) / 1e9}s`;
  const minutes = Math.floor(ns / 60e9);
  if (minutes === 0) return seconds;
  return minutes < 60 ? `${minutes}m${seconds}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}`;
}

const UNIT_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  p: 1024 ** 5,
};

/** `64m`, `1.5 GiB` → bytes. */
export function bytes(text: string): number | undefined {
  const [, amount, unit = 'b'] = /^((?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?) ?(b|[kmgtp](?:i?b)?)?$/i.exec(text) ?? [];
  return amount === undefined
    ? undefined
    : Math.floor(Number(amount) * (UNIT_BYTES[unit.charAt(0).toLowerCase()] ?? 1));
}

/** Compose takes the booleans of YAML 1.1 where it knows that one is meant. */
export function truth(text: string): boolean | undefined {
  if (/^(?:true|yes|on|y)$/i.test(text)) return true;
  return /^(?:false|no|off|n)$/i.test(text) ? false : undefined;
}

export function wholeNumber(text: string): number | undefined {
  return /^[-+]?\d+$/.test(text) ? Number(text) : undefined;
}

export function decimalNumber(text: string): number | undefined {
  return /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(text) ? Number(text) : undefined;
}
