/** A frame as TWS writes it. */
export function frame(...tokens: readonly string[]): Buffer {
  const body = Buffer.from(`${tokens.join("\0")}\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

/** `a|b|c` with every field as a token of its own. */
export const line = (text: string): Buffer => frame(...text.split("|"));
