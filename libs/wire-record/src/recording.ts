import { utcText } from "@countersign/clock/clock";
import * as z from "zod";

/** A recording is a file of JSON lines: this header, then one line for each thing that passed on the wire. */
export const RECORDING_FORMAT = "tws-wire/1";

const common = {
  /** When it passed, RFC 3339 in UTC. */
  at: z.iso.datetime({ precision: 3 }),
  /** Which connection of the recording, from 1 on. */
  connection: z.int().min(1),
  /** The client id; null until the client has named it. */
  client: z.int().nullable(),
  /** The negotiated server version; null before. */
  sv: z.int().nullable(),
};
const from = z.enum(["client", "server"]);
const Hex = z.string().regex(/^(?:[0-9a-f]{2})+$/);

const Line = z.union([
  /** The first message of a client, after its prefix `API\0`. */
  z.strictObject({ ...common, from: z.literal("client"), hello: z.string() }),
  /** One whole frame, as its fields. */
  z.strictObject({ ...common, from, tokens: z.array(z.string()).min(1) }),
  /** Bytes as they were: a frame that is no text, half a frame, anything after a broken one. */
  z.strictObject({ ...common, from, hex: Hex }),
  z.strictObject({ ...common, closed: z.literal(true) }),
]);
export type WireRecord = z.output<typeof Line>;
const Header = z.strictObject({ format: z.literal(RECORDING_FORMAT) });

export function headerLine(): string {
  return `${JSON.stringify({ format: RECORDING_FORMAT })}\n`;
}

export function recordLine(record: WireRecord): string {
  return `${JSON.stringify(record)}\n`;
}

export function recordTime(epochMs: number): string {
  return utcText(epochMs);
}

/** Every record of a recording, in order. Throws an Error that names the first line that is not one. */
export function parseRecording(text: string): WireRecord[] {
  const [header = "", ...lines] = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  parseLine(Header, header, 1);
  return lines.map((line, index) => parseLine(Line, line, index + 2));
}

function parseLine<T>(schema: z.ZodType<T>, line: string, number: number): T {
  try {
    return schema.parse(JSON.parse(line));
  } catch (cause) {
    throw new Error(`line ${number} of the recording is not one of ${RECORDING_FORMAT}`, { cause });
  }
}

/** What was on the wire for a record; nothing for the end of a connection. */
export function recordBytes(record: WireRecord): Buffer {
  if ("closed" in record) return Buffer.alloc(0);
  if ("hex" in record) return Buffer.from(record.hex, "hex");
  if ("hello" in record) return Buffer.concat([Buffer.from("API\0"), withLength(Buffer.from(record.hello))]);
  return withLength(Buffer.from(`${record.tokens.join("\0")}\0`));
}

function withLength(payload: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
}
