import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkLog } from "./check-log.ts";
import { leafHash } from "./merkle.ts";
import { hashTiles, headOf, packEntries, TILE_WIDTH, tilePath, unpackEntries } from "./tiles.ts";

/** The files of a log of so many entries. */
function logOf(size: number): { files: Map<string, Buffer>; head: { size: number; root: string } } {
  const entries = Array.from({ length: size }, (_, index) => Buffer.from(`entry ${index}`));
  const leaves = entries.map((entry) => leafHash(entry));
  const files = new Map<string, Buffer>();
  for (let start = 0; start < size; start += TILE_WIDTH) {
    const bundle = entries.slice(start, start + TILE_WIDTH);
    files.set(tilePath("entries", start / TILE_WIDTH, bundle.length), packEntries(bundle));
  }
  for (const { level, index, hashes } of hashTiles(leaves))
    files.set(tilePath(level, index, hashes.length), Buffer.concat(hashes));
  return { files, head: { size, root: headOf(leaves).toString("hex") } };
}

const check = ({ files, head }: ReturnType<typeof logOf>) => checkLog((path) => files.get(path), head);

describe("where a tile lies", () => {
  test.each([
    [0, 0, 256, "tile/0/000"],
    ["entries", 999, 256, "tile/entries/999"],
    [0, 1_000, 256, "tile/0/x001/000"],
    [3, 1_234_067, 256, "tile/3/x001/x234/067"],
    ["entries", 0, 25, "tile/entries/000.p/25"],
    [1, 1_000, 1, "tile/1/x001/000.p/1"],
  ] as const)("level %s, index %s, %s wide -> %s", (level, index, width, path) => {
    expect(tilePath(level, index, width)).toBe(path);
  });
});

describe("entries in a tile", () => {
  test("come out as they went in", () => {
    const arbitrary = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    fc.assert(
      fc.property(arbitrary, (entries) => {
        expect(unpackEntries(packEntries(entries))).toEqual(entries.map((entry) => Buffer.from(entry)));
      }),
    );
  });

  test("65,535 bytes are taken, one more is a RangeError", () => {
    expect(unpackEntries(packEntries([Buffer.alloc(65_535)]))?.[0]?.length).toBe(65_535);
    expect(() => packEntries([Buffer.alloc(65_536)])).toThrow(RangeError);
  });

  test("cut short anywhere but between two -> not read", () => {
    const bytes = packEntries([Buffer.from("one"), Buffer.from("two")]);
    const whole = [0, 5, 10];
    for (let length = 0; length <= bytes.length; length += 1)
      expect(unpackEntries(bytes.subarray(0, length)) !== undefined).toBe(whole.includes(length));
  });
});

describe("the tiles of hashes", () => {
  const pathsOf = (size: number) => [...logOf(size).files.keys()].filter((path) => !path.includes("entries"));

  test.each([
    [1, ["tile/0/000.p/1"]],
    [255, ["tile/0/000.p/255"]],
    [256, ["tile/0/000", "tile/1/000.p/1"]],
    [513, ["tile/0/000", "tile/0/001", "tile/0/002.p/1", "tile/1/000.p/2"]],
  ])("of %i entries are just these", (size, paths) => {
    expect(pathsOf(size)).toEqual(paths);
  });

  test("of 65,537 entries have a third level, with the head of the first 65,536", () => {
    const { files } = logOf(65_537);
    const leaves = Array.from({ length: 65_536 }, (_, index) => leafHash(`entry ${index}`));
    expect(files.get("tile/2/000.p/1")).toEqual(headOf(leaves));
    expect(files.get("tile/1/001")).toBeUndefined();
    expect(files.get("tile/1/000")?.subarray(-32)).toEqual(headOf(leaves.slice(-256)));
    expect(files.get("tile/0/255")?.subarray(0, 32)).toEqual(leaves[255 * 256]);
    expect(files.get("tile/0/256.p/1")).toEqual(leafHash("entry 65536"));
  });
});

describe("a log in files", () => {
  test.each([1, 2, 255, 256, 257, 511, 512])("of %i entries -> nothing found wrong", (size) => {
    const log = logOf(size);
    const { leaves, findings } = check(log);
    expect([leaves.length, findings]).toEqual([size, []]);
    // Two levels and no third: a partial tile of no hashes is not written.
    expect([...log.files.keys()].filter((path) => path.endsWith(".p/0"))).toEqual([]);
  });

  test("the tree at each entry is the tree over it and those before it", () => {
    const { files, head } = logOf(300);
    const roots: string[] = [];
    checkLog(
      (path) => files.get(path),
      head,
      (_entry, number, tree) => {
        expect(tree.size).toBe(number);
        roots.push(tree.root());
      },
    );
    expect(roots.at(-1)).toBe(head.root);
    expect(roots[256]).toBe(logOf(257).head.root);
  });

  test("any file missing -> found, by its path", () => {
    const { files, head } = logOf(300);
    for (const path of files.keys()) {
      const others = new Map(files);
      others.delete(path);
      expect(check({ files: others, head }).findings).toEqual([`${path} is missing`]);
    }
  });

  test("any one bit changed in any file -> found", () => {
    const { files, head } = logOf(300);
    for (const [path, bytes] of files) {
      for (let at = 0; at < bytes.length; at += 37) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) ^ 4;
        const { findings } = check({ files: new Map([...files, [path, changed]]), head });
        expect(findings.length, `${path} at ${at}`).toBeGreaterThan(0);
      }
    }
  });

  test("a tile of entries that is not whole, or holds fewer -> told as what it is", () => {
    const log = logOf(3);
    const path = "tile/entries/000.p/3";
    const bytes = log.files.get(path) ?? Buffer.alloc(0);
    const told = (changed: Buffer) => check({ ...log, files: new Map([...log.files, [path, changed]]) }).findings;
    expect(told(bytes.subarray(0, -1))).toEqual([`${path} does not hold whole entries`]);
    expect(told(bytes.subarray(0, 2 * (2 + "entry 0".length)))).toEqual([`${path} holds 2 entries, not 3`]);
    const tile = "tile/0/000.p/3";
    const wrong = check({ ...log, files: new Map([...log.files, [tile, Buffer.alloc(96)]]) }).findings;
    expect(wrong).toEqual([`${tile} does not hold the hashes of the entries`]);
  });

  test("a head over more entries, or over others -> found; over the first of them -> good", () => {
    const log = logOf(300);
    expect(check({ ...log, head: logOf(301).head }).findings).toEqual(["tile/entries/001.p/45 is missing"]);
    expect(check({ ...log, head: logOf(256).head }).findings).toEqual([]);
    expect(check({ ...log, head: { size: 300, root: "00".repeat(32) } }).findings).toEqual([
      "the entries are not those that the head was signed over",
    ]);
  });
});
