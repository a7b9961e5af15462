import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FramedOutput } from './framed-output.ts';

const NONCE = 'c0ffee';

function read(chunks: readonly Buffer[]): { pid?: number; code?: number; data: Buffer; noise: string } {
  const seen: { pid?: number; code?: number } = {};
  const data: Buffer[] = [];
  const frame = new FramedOutput(NONCE, {
    onBegin: (pid) => {
      seen.pid = pid;
    },
    onData: (chunk) => data.push(chunk),
    onEnd: (code) => {
      seen.code = code;
    },
  });
  for (const chunk of chunks) frame.push(chunk);
  return { ...seen, data: Buffer.concat(data), noise: frame.noise };
}

/** The bytes in pieces, cut at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [0, ...places.map((place) => place % bytes.length), bytes.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}

const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
const nearlyMarker = fc
  .constantFrom('c0ff', `${NONCE}-en`, `${NONCE}-begin`, `${NONCE}-endless`)
  .map((text) => Buffer.from(text));
/** A whole marker does not occur by chance: a real nonce is long and random. */
const content = fc
  .array(fc.oneof(bytes, nearlyMarker), { maxLength: 6 })
  .map((parts) => Buffer.concat(parts))
  .filter((whole) => !/c0ffee-(?:begin|end) /.test(whole.toString('latin1')));

describe('FramedOutput', () => {
  it('gives back the bytes between the markers, whatever they are and however they are cut', () => {
    fc.assert(
      fc.property(content, content, fc.array(fc.nat(), { maxLength: 12 }), (noise, inside, places) => {
        const begin = Buffer.from(`${NONCE}-begin 4711\n`);
        const end = Buffer.from(`${NONCE}-end 255\n`);
        const seen = read(cut(Buffer.concat([noise, begin, inside, end]), places));
        expect(seen).toEqual({ pid: 4711, code: 255, data: inside, noise: '' });
      }),
      { numRuns: 2000 },
    );
  });

  it('hands a line on at once, though the end marker may follow', () => {
    expect(read([Buffer.from(`${NONCE}-begin 2\nheld 3\n`)]).data.toString()).toBe('held 3\n');
  });

  it('keeps the last noise for error messages while no begin marker has come', () => {
    expect(read([Buffer.alloc(5000, 'x'), Buffer.from('This account is not available.\n')]).noise).toMatch(
      /available\.$/,
    );
  });
});
