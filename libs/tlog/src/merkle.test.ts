import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { leafHash, MerkleTree } from "./merkle.ts";

/** The eight leaves and the heads of their prefixes that the certificate transparency test suites share. */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/** The definition of RFC 6962 section 2.1, word for word and slow. */
function headByDefinition(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return createHash("sha256").digest();
  if (leaves.length === 1) return leafHash(only);
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const node = createHash("sha256").update(Uint8Array.of(1));
  return node
    .update(headByDefinition(leaves.slice(0, split)))
    .update(headByDefinition(leaves.slice(split)))
    .digest();
}

describe("merkle tree", () => {
  test.each(ROOTS.map((root, size) => ({ root, size })))("$size known leaves -> the known head", ({ root, size }) => {
    const tree = new MerkleTree();
    for (const leaf of LEAVES.slice(0, size)) tree.push(Buffer.from(leaf, "hex"));
    expect(tree.root()).toBe(root);
    expect(tree.size).toBe(size);
  });

  test("any number of leaves up to 200 -> the head of the definition", () => {
    const tree = new MerkleTree();
    const leaves: Buffer[] = [];
    for (let size = 1; size <= 200; size += 1) {
      const leaf = Buffer.from(`leaf ${size}`);
      leaves.push(leaf);
      tree.push(leaf);
      expect(tree.root()).toBe(headByDefinition(leaves).toString("hex"));
    }
  });
});
