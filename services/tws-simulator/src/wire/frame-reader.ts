import { isUtf8 } from "node:buffer";

/** TWS and its clients agree on 16 MiB - 1 as the longest frame. */
export const FRAME_BYTES_MAX = 0xffffff;

const HELLO_PREFIX = Buffer.from("API\0", "latin1");
const LENGTH_BYTES = 4;
const HELLO_BYTES_MAX = 4096;

export type WireEvent =
  | { readonly kind: "hello"; readonly text: string }
  | { readonly kind: "frame"; readonly tokens: readonly string[] }
  | { readonly kind: "violation"; readonly reason: string };

/**
 * Turns the bytes of one connection into events, whatever the segmentation: one byte at a time or several frames at
 * once. The first message has the prefix `API\0` and no final NUL; every later one is a plain frame.
 * After a violation the connection is useless: nothing more is read.
 */
export class FrameReader {
  /** What has arrived and is not read yet; joined only when it is enough for a frame. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #chunks: Buffer = Buffer.alloc(0);
  /** So many bytes are needed before anything more can be read. */
  #neededBytes = 0;
  #helloSeen = false;
  #broken = false;

  push(chunk: Buffer): WireEvent[] {
    if (this.#broken) return [];
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#chunks.length + this.#waitingBytes < this.#neededBytes) return [];
    this.#join();
    const events: WireEvent[] = [];
    for (;;) {
      const event = this.#helloSeen ? this.#nextFrame() : this.#nextHello();
      if (event === undefined) return events;
      events.push(event);
      if (event.kind === "violation") {
        this.#broken = true;
        return events;
      }
    }
  }

  #join(): void {
    const [first] = this.#waiting;
    const alone = this.#chunks.length === 0 && this.#waiting.length === 1 && first !== undefined;
    this.#chunks = alone ? first : Buffer.concat([this.#chunks, ...this.#waiting]);
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#neededBytes = 0;
  }

  #nextHello(): WireEvent | undefined {
    const known = Math.min(this.#chunks.length, HELLO_PREFIX.length);
    if (!this.#chunks.subarray(0, known).equals(HELLO_PREFIX.subarray(0, known))) {
      return { kind: "violation", reason: "the first bytes are not the API prefix" };
    }
    const payload = this.#take(HELLO_PREFIX.length, HELLO_BYTES_MAX);
    if (payload === undefined || "kind" in payload) return payload;
    this.#helloSeen = true;
    return { kind: "hello", text: payload.bytes.toString("utf8").replace(/\0$/, "") };
  }

  #nextFrame(): WireEvent | undefined {
    const payload = this.#take(0, FRAME_BYTES_MAX);
    if (payload === undefined || "kind" in payload) return payload;
    const { bytes } = payload;
    if (bytes.length === 0 || bytes[bytes.length - 1] !== 0) {
      return { kind: "violation", reason: "a frame does not end with NUL" };
    }
    // What is no text has no fields: it is answered like a message that nobody knows.
    if (!isUtf8(bytes)) return { kind: "frame", tokens: [""] };
    return { kind: "frame", tokens: bytes.toString("utf8", 0, bytes.length - 1).split("\0") };
  }

  /** The next length-prefixed payload after `skipBytes`, or undefined while it is incomplete. */
  #take(skipBytes: number, bytesMax: number): { readonly bytes: Buffer } | WireEvent | undefined {
    const start = skipBytes + LENGTH_BYTES;
    if (this.#chunks.length < start) return undefined;
    const lengthBytes = this.#chunks.readUInt32BE(skipBytes);
    if (lengthBytes > bytesMax) return { kind: "violation", reason: `a frame of ${lengthBytes} bytes is too long` };
    if (this.#chunks.length < start + lengthBytes) {
      this.#neededBytes = start + lengthBytes;
      return undefined;
    }
    const bytes = this.#chunks.subarray(start, start + lengthBytes);
    this.#chunks = this.#chunks.subarray(start + lengthBytes);
    return { bytes };
  }
}
