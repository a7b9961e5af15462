/** Shorter texts are found anywhere. */
const SHORTEST = 8;

const planted = new Set<string>();

/** A secret of a test: from now on no output of anything that this process runs may hold it, in any form. Returns it. */
export function plant(value: string): string {
  planted.add(value);
  return value;
}

/** An output of the product that shows a secret. Never says which. */
export class SecretShown extends Error {
  override readonly name = 'SecretShown';
}

/**
 * Searches what a run has shown for every secret that was planted or given to it: raw, line by line, in base64, URL-encoded and
 * JSON-escaped. Every run of an action and of the command line, in every test, ends with this.
 *
 * @throws SecretShown
 */
export function refuseSecrets(shown: Readonly<Record<string, string>>, given: readonly string[] = []): void {
  const forms = new Set([...planted, ...given].flatMap(formsOf));
  for (const [where, text] of Object.entries(shown)) {
    for (const form of forms) if (text.includes(form)) throw new SecretShown(`a secret is shown in ${where}`);
  }
}

function formsOf(value: string): readonly string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  // The frame of a key is in every message about keys.
  const parts = [value, ...lines].filter((text) => text.length >= SHORTEST && !/^-----.*-----$/.test(text));
  return parts.flatMap((text) => {
    const base64 = Buffer.from(text).toString('base64').replace(/=+$/, '');
    const json = JSON.stringify(text).slice(1, -1);
    return [text, text.replace(/\s+/g, ' '), base64, encodeURIComponent(text), json, JSON.stringify(json).slice(1, -1)];
  });
}
