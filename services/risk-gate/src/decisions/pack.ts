import { deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * Fast rather than small: it is written while an order waits, and repeats itself enough to shrink anyway. The usual tables would
 * be a quarter of a megabyte that the system has to hand out anew each time.
 */
const FAST = { level: 1, windowBits: 13, memLevel: 6, chunkSize: 4_096 } as const;
/** What a packed text may become; more is no record of ours. */
const UNPACKED_BYTES_MAX = 64 * 1024 * 1024;

export function pack(bytes: string | Uint8Array): string {
  return deflateRawSync(bytes, FAST).toString("base64url");
}

/** Throws on what was not packed here. */
export function unpack(packed: string): Buffer {
  return inflateRawSync(Buffer.from(packed, "base64url"), { maxOutputLength: UNPACKED_BYTES_MAX });
}
