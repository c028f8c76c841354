import type { Reply } from "../codec/literals.ts";
import { encodeFrame, FRAME_LENGTH_BYTES } from "../wire/frame-writer.ts";

const OVERSIZE_BYTES = 0x0100_0001;
const BINARY_BYTES = 64;

export function unknownThenKnown(id: number, reply: Reply): Buffer {
  return Buffer.concat([encodeFrame([String(id), "1", "what is this"]), encodeFrame(reply.tokens)]);
}

/** A length above 16 MiB and the first bytes behind it. */
export function oversizeStart(reply: Reply): Buffer {
  const length = Buffer.alloc(FRAME_LENGTH_BYTES);
  length.writeUInt32BE(OVERSIZE_BYTES);
  return Buffer.concat([length, encodeFrame(reply.tokens).subarray(FRAME_LENGTH_BYTES)]);
}

/** A frame of bytes that are no UTF-8. */
export function binaryFrame(): Buffer {
  const frame = Buffer.alloc(FRAME_LENGTH_BYTES + BINARY_BYTES);
  frame.writeUInt32BE(BINARY_BYTES);
  for (let index = 0; index < BINARY_BYTES; index += 1) frame[FRAME_LENGTH_BYTES + index] = 0x80 + ((index * 37) % 128);
  return frame;
}

export function withoutFinalNul(reply: Reply): Buffer {
  const whole = encodeFrame(reply.tokens);
  const frame = Buffer.from(whole.subarray(0, -1));
  frame.writeUInt32BE(frame.length - FRAME_LENGTH_BYTES);
  return frame;
}

export function withoutLastTokens(reply: Reply, count: number): Reply {
  return { ...reply, tokens: reply.tokens.slice(0, Math.max(1, reply.tokens.length - count)) };
}

export function withToken(reply: Reply, index: number, text: string): Reply {
  return index < reply.tokens.length ? { ...reply, tokens: reply.tokens.with(index, text) } : reply;
}
