import { MerkleTree } from "./merkle.ts";

/** Hashes, or entries, in a tile that is full. */
export const TILE_WIDTH = 256;
/** What two bytes of length can say. */
const ENTRY_BYTES_MAX = 65_535;

export interface Tile {
  readonly level: number;
  readonly index: number;
  readonly hashes: readonly Buffer[];
}

/** Where a tile lies in the folder of a log: three digits to a step, every step but the last with an x before it. */
export function tilePath(level: number | "entries", index: number, width: number = TILE_WIDTH): string {
  const text = String(index);
  const digits = text.padStart(Math.ceil(text.length / 3) * 3, "0");
  const steps = digits.replace(/\d{3}(?=\d)/g, (step) => `x${step}/`);
  return `tile/${level}/${steps}${width === TILE_WIDTH ? "" : `.p/${width}`}`;
}

/** Every tile of hashes over these leaves, level by level. One level up, the heads of the full tiles are the leaves. */
export function* hashTiles(leaves: readonly Buffer[]): Generator<Tile> {
  let hashes = leaves;
  for (let level = 0; hashes.length > 0; level += 1) {
    const above: Buffer[] = [];
    for (let start = 0; start < hashes.length; start += TILE_WIDTH) {
      const tile = hashes.slice(start, start + TILE_WIDTH);
      yield { level, index: start / TILE_WIDTH, hashes: tile };
      if (tile.length === TILE_WIDTH) above.push(headOf(tile));
    }
    hashes = above;
  }
}

/** Tree head over leaves that are hashed already. */
export function headOf(leaves: readonly Buffer[]): Buffer {
  const tree = new MerkleTree();
  for (const leaf of leaves) tree.pushHash(leaf);
  return Buffer.from(tree.root(), "hex");
}

/** Entries as a tile of entries holds them: each after its length in two bytes. Throws a RangeError for one that is too long. */
export function packEntries(entries: readonly Uint8Array[]): Buffer {
  return Buffer.concat(entries.flatMap((entry) => [lengthOf(entry), entry]));
}

/** Undefined: the bytes are not whole entries. */
export function unpackEntries(bytes: Buffer): Buffer[] | undefined {
  const entries: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 2 > bytes.length) return undefined;
    const end = at + 2 + bytes.readUInt16BE(at);
    if (end > bytes.length) return undefined;
    entries.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return entries;
}

function lengthOf(entry: Uint8Array): Buffer {
  if (entry.length > ENTRY_BYTES_MAX) throw new RangeError(`an entry of ${entry.length} bytes`);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(entry.length);
  return length;
}
