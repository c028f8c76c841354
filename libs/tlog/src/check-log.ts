import { leafHash, MerkleTree } from "./merkle.ts";
import type { TreeHead } from "./note.ts";
import { hashTiles, TILE_WIDTH, tilePath, unpackEntries } from "./tiles.ts";

/** What a file of the log holds, by its path in the folder; undefined: there is none. */
export type ReadFile = (path: string) => Buffer | undefined;

export interface CheckedLog {
  /** Hash of each entry that could be read, in order. */
  readonly leaves: readonly Buffer[];
  /** What is not as the head says, one sentence each; empty: everything is. */
  readonly findings: readonly string[];
}

/**
 * Reads every entry of a log and every tile of hashes, and compares them with its head, whose signature the caller has looked
 * at. `onEntry` is called for each entry in order, from 1, with the tree up to and with it.
 */
export function checkLog(
  read: ReadFile,
  head: Pick<TreeHead, "size" | "root">,
  onEntry: (entry: Buffer, number: number, tree: MerkleTree) => void = () => undefined,
): CheckedLog {
  const tree = new MerkleTree();
  const leaves: Buffer[] = [];
  for (let start = 0; start < head.size; start += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, head.size - start);
    const path = tilePath("entries", start / TILE_WIDTH, width);
    const entries = entriesIn(read(path), width);
    if (typeof entries === "string") return { leaves, findings: [`${path} ${entries}`] };
    for (const entry of entries) {
      const leaf = leafHash(entry);
      leaves.push(leaf);
      tree.pushHash(leaf);
      onEntry(entry, leaves.length, tree);
    }
  }
  const findings = tree.root() === head.root ? [] : ["the entries are not those that the head was signed over"];
  return { leaves, findings: [...findings, ...wrongTiles(read, leaves)] };
}

/** Why they cannot be read, as the rest of a sentence. */
function entriesIn(bytes: Buffer | undefined, width: number): Buffer[] | string {
  if (bytes === undefined) return "is missing";
  const entries = unpackEntries(bytes);
  if (entries === undefined) return "does not hold whole entries";
  return entries.length === width ? entries : `holds ${entries.length} entries, not ${width}`;
}

function* wrongTiles(read: ReadFile, leaves: readonly Buffer[]): Generator<string> {
  for (const { level, index, hashes } of hashTiles(leaves)) {
    const path = tilePath(level, index, hashes.length);
    const bytes = read(path);
    if (bytes === undefined) yield `${path} is missing`;
    else if (!bytes.equals(Buffer.concat(hashes))) yield `${path} does not hold the hashes of the entries`;
  }
}
