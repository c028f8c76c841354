export const FRAME_LENGTH_BYTES = 4;

/**
 * One outgoing frame: 4-byte big-endian length, then each token as UTF-8 with a final NUL.
 * A NUL inside a token would add a field for the reader, so it is a programming error here.
 */
export function encodeFrame(tokens: readonly string[]): Buffer {
  const text = `${tokens.join("\0")}\0`;
  const payloadBytes = Buffer.byteLength(text, "utf8");
  const frame = Buffer.allocUnsafe(FRAME_LENGTH_BYTES + payloadBytes);
  frame.writeUInt32BE(payloadBytes, 0);
  frame.write(text, FRAME_LENGTH_BYTES, "utf8");
  return frame;
}
