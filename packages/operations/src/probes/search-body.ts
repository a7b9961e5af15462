/** Most that is read of a body, in bytes. */
const LIMIT_BYTES = 1024 * 1024;

/** What became of the search for a text in a body. */
export interface BodySearch {
  /** `stopped`: by its signal; `broken`: by the other side. */
  readonly end: 'found' | 'complete' | 'limit' | 'stopped' | 'broken';
  readonly bytes: number;
}

/** Reads a body until the text occurs, and no more than 1 MiB of it. Keeps only what the text may begin in. */
export async function searchBody(
  body: AsyncIterable<Buffer>,
  wanted: string,
  signal: AbortSignal,
): Promise<BodySearch> {
  const needle = Buffer.from(wanted);
  let kept: Buffer = Buffer.alloc(0);
  let bytes = 0;
  try {
    for await (const chunk of body) {
      const room = LIMIT_BYTES - bytes;
      const window = Buffer.concat([kept, chunk.subarray(0, room)]);
      bytes += Math.min(chunk.length, room);
      if (window.includes(needle)) return { end: 'found', bytes };
      if (bytes === LIMIT_BYTES) return { end: 'limit', bytes };
      kept = window.subarray(Math.max(0, window.length - needle.length + 1));
    }
    return { end: 'complete', bytes };
  } catch {
    return { end: signal.aborted ? 'stopped' : 'broken', bytes };
  }
}
