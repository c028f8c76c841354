import { isUtf8 } from "node:buffer";

/** TWS and its clients agree on 16 MiB - 1 as the longest frame. */
export const FRAME_BYTES_MAX = 0xffffff;
/** A day of bars of one second has some 700,000 fields; nothing that is asked for has more. */
export const FRAME_TOKENS_MAX = 1_000_000;
const LENGTH_BYTES = 4;
const NUL = 0;

/** What arrived is not what a TWS sends. The connection it came from is of no more use. */
export class BrokenPeer extends Error {
  override readonly name = "BrokenPeer";
}

export interface Frame {
  /** With its length, as it came. */
  readonly bytes: Buffer;
  readonly tokens: readonly string[];
}

/** Cuts the bytes of TWS into frames, whatever the segments. Throws BrokenPeer; after that it must not be used again. */
export class FrameGate {
  /** Segments of a frame that is not complete yet, joined only when it is. */
  #segments: Buffer[] = [];
  #held = 0;

  /** Yields every frame that is complete by now, in order. */
  *push(segment: Buffer): Generator<Frame> {
    this.#segments.push(segment);
    this.#held += segment.length;
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) yield frame;
  }

  #next(): Frame | undefined {
    if (this.#held < LENGTH_BYTES) return undefined;
    const length = this.#head(LENGTH_BYTES).readUInt32BE(0);
    if (length === 0 || length > FRAME_BYTES_MAX) throw new BrokenPeer(`a frame says that it has ${length} bytes`);
    const size = LENGTH_BYTES + length;
    if (this.#held < size) return undefined;
    const bytes = this.#head(size).subarray(0, size);
    this.#drop(size);
    return { bytes, tokens: tokensOf(bytes.subarray(LENGTH_BYTES)) };
  }

  /** The first segment, made at least so long. */
  #head(size: number): Buffer {
    const [first = Buffer.alloc(0)] = this.#segments;
    if (first.length >= size) return first;
    const joined = Buffer.concat(this.#segments);
    this.#segments = [joined];
    return joined;
  }

  #drop(size: number): void {
    const [first = Buffer.alloc(0), ...others] = this.#segments;
    const rest = first.subarray(size);
    this.#segments = rest.length === 0 ? others : [rest, ...others];
    this.#held -= size;
  }
}

function tokensOf(payload: Buffer): string[] {
  if (payload.at(-1) !== NUL) throw new BrokenPeer("a frame does not end with NUL");
  if (!isUtf8(payload)) throw new BrokenPeer("a frame is not text");
  const tokens = payload.toString("utf8", 0, payload.length - 1).split("\0");
  if (tokens.length > FRAME_TOKENS_MAX) throw new BrokenPeer(`a frame has ${tokens.length} fields`);
  return tokens;
}
