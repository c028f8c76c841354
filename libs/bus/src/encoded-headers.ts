import { headers as createHeaders, type MsgHdrs } from "@nats-io/transport-node";

const LINE_END = /[\r\n]/;
const encoder = new TextEncoder();

/**
 * Headers that are sent once and not read here, written in one go: the client's own look each name up and test it letter by
 * letter. Throws TypeError for a value that would begin a line of its own.
 */
export function encodedHeaders(values: Readonly<Record<string, string>>): MsgHdrs {
  let text = "NATS/1.0\r\n";
  for (const name in values) {
    const value = values[name] ?? "";
    if (LINE_END.test(value)) throw new TypeError(`header ${name} with a line end`);
    text += `${name}: ${value.trim()}\r\n`;
  }
  const bytes = encoder.encode(`${text}\r\n`);
  // What the client asks of headers that it sends: their bytes.
  return Object.assign(createHeaders(), { encode: () => bytes });
}
