import { createHash } from "node:crypto";

/** RFC 6962 section 2.1: the prefixes keep a leaf from being passed off as a node. */
const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

/** Of one record, by RFC 6962, 2.1: SHA-256 of a zero byte and the data. */
export function leafHash(data: Uint8Array | string): Buffer {
  return createHash("sha256").update(LEAF).update(data).digest();
}

/** Of two nodes, or leaves, side by side. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return createHash("sha256").update(NODE).update(left).update(right).digest();
}

/** The tree head over leaves that come one by one; holds one hash per level, not the leaves. */
export class MerkleTree {
  /** Perfect subtrees from left to right, largest first; sizes are the bits of `#size`. */
  readonly #subtrees: Buffer[] = [];
  #size = 0;

  push(data: Uint8Array | string): void {
    this.pushHash(leafHash(data));
  }

  /** A leaf by its hash; or, for a tree over trees of equal size, the head of one of them. */
  pushHash(leaf: Buffer): void {
    let hash = leaf;
    // Every trailing one bit of the size is a subtree as large as the one in hand.
    for (let size = this.#size; size % 2 === 1; size = Math.floor(size / 2)) {
      const left = this.#subtrees.pop();
      if (left === undefined) throw new TypeError("merkle tree: size and subtrees disagree");
      hash = nodeHash(left, hash);
    }
    this.#subtrees.push(hash);
    this.#size += 1;
  }

  get size(): number {
    return this.#size;
  }

  /** Tree head in hex; of no leaves: SHA-256 of nothing, as the RFC says. */
  root(): string {
    let root: Buffer | undefined;
    for (const subtree of this.#subtrees.toReversed()) root = root === undefined ? subtree : nodeHash(subtree, root);
    return (root ?? createHash("sha256").digest()).toString("hex");
  }
}
