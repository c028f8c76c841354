import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leafHash } from "./merkle.ts";
import { headFrom, pathOf, proofText, readProof } from "./proof.ts";
import { headOf } from "./tiles.ts";

const leavesOf = (size: number) => Array.from({ length: size }, (_, index) => leafHash(`entry ${index}`));

describe("the path of a leaf", () => {
  test("leads to the head, for every leaf of every tree up to 70 leaves; and for no other place or size", () => {
    for (let size = 1; size <= 70; size += 1) {
      const leaves = leavesOf(size);
      const head = headOf(leaves);
      for (const [index, leaf] of leaves.entries()) {
        const path = pathOf(leaves, index);
        expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
        expect(headFrom(leaf, index, size, path)).toEqual(head);
        if (size > 1) expect(headFrom(leaf, (index + 1) % size, size, path)).not.toEqual(head);
        expect(headFrom(leafHash("another"), index, size, path)).not.toEqual(head);
        expect(headFrom(leaf, index, size, [...path, leaf])).toBeUndefined();
        if (size > 1) expect(headFrom(leaf, index, size, path.slice(1))).not.toEqual(head);
      }
    }
  });

  test("of a leaf that is not there -> RangeError; and no head comes of it", () => {
    for (const index of [-1, 5, 0.5 + 5, Number.NaN]) {
      expect(() => pathOf(leavesOf(5), index)).toThrow(RangeError);
      expect(headFrom(leafHash("x"), index, 5, [])).toBeUndefined();
    }
  });

  test("of the last leaf, told as of one behind it, or the first's as of one before it -> no head comes of it", () => {
    const leaves = leavesOf(5);
    const [first, last] = [leaves[0] ?? Buffer.alloc(0), leaves[4] ?? Buffer.alloc(0)];
    expect(headFrom(last, 4, 5, pathOf(leaves, 4))).toEqual(headOf(leaves));
    for (const behind of [5, 6, 7, 8, 2 ** 40]) expect(headFrom(last, behind, 5, pathOf(leaves, 4))).toBeUndefined();
    for (const before of [-1, -4, Number.NaN]) expect(headFrom(first, before, 5, pathOf(leaves, 0))).toBeUndefined();
    expect(headFrom(first, 0, 0, [])).toBeUndefined();
  });

  test("a known one of RFC 6962's own test tree: leaf 0 of the empty entry", () => {
    const leaves = ["", "00", "10", "2021"].map((hex) => leafHash(Buffer.from(hex, "hex")));
    expect(pathOf(leaves, 0).map((hash) => hash.toString("hex"))).toEqual([
      "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
      "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    ]);
  });
});

const HASH = `${Buffer.alloc(32).toString("base64")}\n`;

describe("a proof as text", () => {
  const leaves = leavesOf(11);
  const proof = { entry: Buffer.from("entry 7"), index: 7, path: pathOf(leaves, 7), note: "log\n11\nroot\n\n— x y\n" };

  test("comes back as it was written", () => {
    expect(readProof(proofText(proof))).toEqual(proof);
    expect(readProof(proofText({ ...proof, entry: Buffer.alloc(0), path: [] }))).toMatchObject({ path: [] });
  });

  test.each([
    ["another version", (text: string) => text.replace("@v1", "@v2")],
    ["no entry", (text: string) => text.replace(/extra .*\n/, "")],
    ["an index with a sign", (text: string) => text.replace("index 7", "index +7")],
    ["an index with a leading zero", (text: string) => text.replace("index 7", "index 07")],
    ["a hash cut short", (text: string) => text.replace(/(index 7\n....)/, "index 7\n")],
    ["a hash in another spelling", (text: string) => text.replace("=\n", "\n")],
    ["an end before the head", (text: string) => text.replaceAll("\n\n", "\n")],
    ["words before the entry", (text: string) => text.replace("extra ", "xextra ")],
    ["words before the index", (text: string) => text.replace("index ", "xindex ")],
    ["more hashes than a tree is deep", (text: string) => text.replace("index 7\n", `index 7\n${HASH.repeat(54)}`)],
    ["nothing", () => ""],
  ])("%s -> no proof", (_what, change) => {
    expect(readProof(change(proofText(proof)))).toBeUndefined();
  });

  test("any text -> read or not, never thrown at", () => {
    fc.assert(fc.property(fc.string(), (text) => readProof(text) === undefined));
  });
});
