import { nodeHash } from "./merkle.ts";
import { headOf } from "./tiles.ts";

const VERSION = "c2sp.org/tlog-proof@v1";
/** A tree of 2^53 entries is not deeper. */
const PATH_MAX = 53;
const HASH_BYTES = 32;

/** That one entry is in a log, without the others. */
export interface LogProof {
  readonly entry: Buffer;
  /** Of the entry, from 0. */
  readonly index: number;
  /** What its hash is hashed with on the way up, the lowest first (RFC 6962, 2.1.1). */
  readonly path: readonly Buffer[];
  /** The signed head, as a note. */
  readonly note: string;
}

/** The path of a leaf in the tree over all of them. Throws a RangeError when there is no such leaf. */
export function pathOf(leaves: readonly Buffer[], index: number): Buffer[] {
  if (!(index >= 0 && index < leaves.length)) throw new RangeError(`no leaf ${index} of ${leaves.length}`);
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split ? [...pathOf(left, index), headOf(right)] : [...pathOf(right, index - split), headOf(left)];
}

/** Tree head over so many leaves of which this is one; undefined: no path of such a leaf has these hashes. */
export function headFrom(leaf: Buffer, index: number, size: number, path: readonly Buffer[]): Buffer | undefined {
  if (!(index >= 0 && index < size)) return undefined;
  const last = path.at(-1);
  if (size === 1 || last === undefined) return size === 1 && last === undefined ? leaf : undefined;
  const split = splitOf(size);
  const rest = path.slice(0, -1);
  const own = index < split ? headFrom(leaf, index, split, rest) : headFrom(leaf, index - split, size - split, rest);
  if (own === undefined) return undefined;
  return index < split ? nodeHash(own, last) : nodeHash(last, own);
}

/** As a file `.tlog-proof` has it; the entry goes with it. */
export function proofText({ entry, index, path, note }: LogProof): string {
  const hashes = path.map((hash) => hash.toString("base64"));
  return [VERSION, `extra ${entry.toString("base64")}`, `index ${index}`, ...hashes, "", note].join("\n");
}

/** Undefined: the text is no proof with its entry. */
export function readProof(text: string): LogProof | undefined {
  const end = text.indexOf("\n\n");
  const [version, extra = "", index = "", ...hashes] = text.slice(0, Math.max(0, end)).split("\n");
  const entry = bytesOf(extra.replace(/^extra /, ""));
  const path = hashes.map(bytesOf);
  const number = /^index (0|[1-9]\d{0,15})$/.exec(index)?.[1];
  if (version !== VERSION || !extra.startsWith("extra ") || entry === undefined || number === undefined)
    return undefined;
  if (path.length > PATH_MAX || !path.every((hash) => hash?.length === HASH_BYTES)) return undefined;
  return { entry, index: Number(number), path: path as Buffer[], note: text.slice(end + 2) };
}

/** The largest power of two that leaves something for the right side. */
function splitOf(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

/** Base64 in its one spelling. */
function bytesOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
