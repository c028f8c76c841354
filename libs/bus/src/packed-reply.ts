import { promisify } from "node:util";
import { deflateRaw, inflateRawSync } from "node:zlib";
import { Fault } from "@countersign/contracts/denial";
import { PAYLOAD_BYTES_MAX } from "./headers.ts";

/** Value of the header of a reply that was packed. */
export const PACKED = "deflate-raw";
/** A reply may be so long before it is packed; more is never unpacked. Some ten thousand rows. */
export const REPLY_BYTES_MAX = 4 * 1024 * 1024;
/** Fast rather than small: lists of rows repeat themselves enough. */
const LEVEL = 1;

const deflate = promisify(deflateRaw);

/** A reply that is too long for a message (the open orders of a large account), packed on another thread. Throws a Fault when it does not fit then either. */
export async function packedReply(text: string, subject: string): Promise<Uint8Array> {
  if (text.length > REPLY_BYTES_MAX)
    throw new Fault("SCHEMA_UNSUPPORTED", `${subject}: message of ${text.length} bytes`);
  const packed = await deflate(text, { level: LEVEL });
  if (packed.length > PAYLOAD_BYTES_MAX)
    throw new Fault("SCHEMA_UNSUPPORTED", `${subject}: message of ${packed.length} bytes packed`);
  return packed;
}

/** What was packed, as JSON; undefined: it was not packed by us, or is too long. */
export function unpackedReply(data: Uint8Array): unknown {
  try {
    return JSON.parse(inflateRawSync(data, { maxOutputLength: REPLY_BYTES_MAX }).toString());
  } catch {
    return undefined;
  }
}
