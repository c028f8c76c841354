const ERROR_MESSAGE = "4";
/** The field of an error message that holds why an order was refused, as JSON; empty for most. */
export const REJECT_JSON = 5;
const LENGTH_BYTES = 4;

/** The client library parses this field without a catch. */
export function hasBadJson(tokens: readonly string[]): boolean {
  const json = tokens[0] === ERROR_MESSAGE ? (tokens[REJECT_JSON] ?? "") : "";
  if (json === "") return false;
  try {
    JSON.parse(unescaped(json));
    return false;
  } catch {
    return true;
  }
}

/** The frame of an error message with its code and its words and without the JSON. */
export function withoutJson(tokens: readonly string[]): Buffer {
  const body = Buffer.from(`${tokens.toSpliced(REJECT_JSON, 1, "").join("\0")}\0`);
  const frame = Buffer.alloc(LENGTH_BYTES + body.length);
  frame.writeUInt32BE(body.length);
  body.copy(frame, LENGTH_BYTES);
  return frame;
}

/** As the library does it before it parses. */
function unescaped(text: string): string {
  return text.replace(/\\u(.{4})/gsu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
