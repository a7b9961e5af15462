/** Whether a line is one JSON object. */
export function isRecord(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/**
 * A line of JSON for an audit trail. Each text is redacted before it is escaped, since an encoded form that is escaped is
 * another one.
 */
export function recordText(facts: Readonly<Record<string, unknown>>, redact: (text: string) => string): string {
  return JSON.stringify(facts, (_key, each: unknown) => (typeof each === 'string' ? redact(each) : each));
}
