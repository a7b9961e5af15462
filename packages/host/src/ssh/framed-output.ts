import { beginMarker, endMarker } from './remote-command.ts';

/** Who hears what a framed stream says. */
export interface FrameListener {
  /** The begin marker came; `pid` leads the process group of the script. */
  onBegin(pid: number): void;
  onData(chunk: Buffer): void;
  /** The end marker came. Nothing follows. */
  onEnd(code: number): void;
}

const NOISE_KEPT_BYTES = 1000;
const MARKER_TAIL = /^(\d{1,10})\n/;

/** Takes a script's output out of its frame, whatever the chunks it comes in. */
export class FramedOutput {
  readonly #begin: Buffer;
  readonly #end: Buffer;
  readonly #listener: FrameListener;
  #state: 'before' | 'inside' | 'ended' = 'before';
  #pending: Buffer = Buffer.alloc(0);

  constructor(nonce: string, listener: FrameListener) {
    this.#begin = Buffer.from(beginMarker(nonce));
    this.#end = Buffer.from(endMarker(nonce));
    this.#listener = listener;
  }

  get state(): 'before' | 'inside' | 'ended' {
    return this.#state;
  }

  /** What came before the begin marker and did not belong to the script: its last part, for error messages. */
  get noise(): string {
    return this.#state === 'before' ? this.#pending.toString().trim() : '';
  }

  push(chunk: Buffer): void {
    this.#pending = this.#pending.length > 0 ? Buffer.concat([this.#pending, chunk]) : chunk;
    if (this.#state === 'before') this.#seekBegin();
    if (this.#state === 'inside') this.#seekEnd();
  }

  #seekBegin(): void {
    const at = this.#pending.indexOf(this.#begin);
    if (at < 0) {
      this.#pending = this.#pending.subarray(-NOISE_KEPT_BYTES);
      return;
    }
    const marker = readMarker(this.#pending, at + this.#begin.length);
    if (!marker) return;
    this.#state = 'inside';
    this.#pending = this.#pending.subarray(marker.end);
    this.#listener.onBegin(marker.number);
  }

  #seekEnd(): void {
    const found = this.#pending.indexOf(this.#end);
    const at = found < 0 ? this.#pending.length - markerPrefixLength(this.#pending, this.#end) : found;
    this.#release(at);
    const marker = found < 0 ? undefined : readMarker(this.#pending, this.#end.length);
    if (!marker) return;
    this.#state = 'ended';
    this.#pending = Buffer.alloc(0);
    this.#listener.onEnd(marker.number);
  }

  #release(length: number): void {
    if (length === 0) return;
    const data = this.#pending.subarray(0, length);
    this.#pending = this.#pending.subarray(length);
    this.#listener.onData(data);
  }
}

function readMarker(bytes: Buffer, start: number): { number: number; end: number } | undefined {
  const match = MARKER_TAIL.exec(bytes.toString('latin1', start, start + 11));
  return match ? { number: Number(match[1]), end: start + match[0].length } : undefined;
}

/** How many bytes at the end may be the start of a marker: only they are held back, so that lines come at once. */
function markerPrefixLength(bytes: Buffer, marker: Buffer): number {
  for (let length = Math.min(bytes.length, marker.length - 1); length > 0; length--) {
    if (bytes.subarray(-length).equals(marker.subarray(0, length))) return length;
  }
  return 0;
}
