import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createSigner, generateKeyPair } from "@countersign/ids/ed25519";
import { sha256Hex } from "@countersign/ids/hash";
import { tempDir } from "@countersign/testing/temp-dir";
import { signNote, treeHeadText } from "@countersign/tlog/note";
import { describe, expect, test } from "vitest";
import { at, chain, put, signed, signer, verifierKey } from "../testing/exported-log.ts";
import { readFolder } from "./read-folder.ts";
import { FolderWriter } from "./write-folder.ts";

/** Every file of the folder, by its path in it. */
function filesIn(folder: string): Map<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = paths.filter((path) => statSync(join(folder, path)).isFile()).sort();
  return new Map(files.map((path) => [path, readFileSync(join(folder, path))]));
}

const findings = (folder: string, expected = {}) => {
  const log = readFolder(folder, expected);
  return typeof log === "string" ? [log] : log.findings;
};

describe("an export", () => {
  test("of 600 records -> read as what was signed, from the first to the last", () => {
    using folder = tempDir();
    const texts = chain(600);
    put(folder.path, texts);
    expect(readFolder(folder.path, { verifierKey })).toMatchObject({
      head: { size: 600, root: signed(texts).root },
      ...{ findings: [], firstAt: at, lastAt: at, last: { seq: 600, hash: sha256Hex(texts.at(-1) ?? "") } },
    });
  });

  test.each([[[1, 2, 300]], [[255, 256, 257]], [[256, 512, 513]], [[40, 40, 41, 700]]])(
    "in steps of %j records -> the same files as at once",
    (sizes) => {
      using inSteps = tempDir();
      using atOnce = tempDir();
      const texts = chain(sizes.at(-1) ?? 0);
      for (const size of sizes) put(inSteps.path, texts.slice(0, size));
      put(atOnce.path, texts);
      expect([...filesIn(inSteps.path)]).toEqual([...filesIn(atOnce.path)]);
    },
  );

  test("that breaks off before its head -> the head of before still verifies, and the next one completes it", () => {
    using folder = tempDir();
    const texts = chain(700);
    put(folder.path, texts.slice(0, 300));
    const before = readFolder(folder.path);
    if (typeof before === "string") throw new Error(before);
    const broken = new FolderWriter(folder.path, before);
    for (const text of texts.slice(300, 650)) broken.add(text);
    expect(readFolder(folder.path)).toMatchObject({ head: { size: 300 }, findings: [] });
    put(folder.path, texts);
    expect(readFolder(folder.path)).toMatchObject({ head: { size: 700 }, findings: [] });
  });
});

describe("what is found", () => {
  test("any one bit changed in any file -> found", () => {
    using folder = tempDir();
    put(folder.path, chain(260));
    for (const [path, bytes] of filesIn(folder.path)) {
      for (let place = 0; place < bytes.length; place += Math.max(1, Math.floor(bytes.length / 9))) {
        const changed = Buffer.from(bytes);
        changed[place] = (changed[place] ?? 0) ^ 1;
        writeFileSync(join(folder.path, path), changed);
        expect(findings(folder.path).length, `${path} at ${place}`).toBeGreaterThan(0);
      }
      writeFileSync(join(folder.path, path), bytes);
    }
    expect(findings(folder.path)).toEqual([]);
  });

  test("any file away -> found", () => {
    using folder = tempDir();
    put(folder.path, chain(260));
    for (const [path, bytes] of filesIn(folder.path)) {
      rmSync(join(folder.path, path));
      expect(findings(folder.path).length, path).toBeGreaterThan(0);
      mkdirSync(dirname(join(folder.path, path)), { recursive: true });
      writeFileSync(join(folder.path, path), bytes);
    }
  });

  test("a file that cannot be read -> nothing is said of the log: exit code 3", () => {
    using folder = tempDir();
    put(folder.path, chain(3));
    rmSync(join(folder.path, "tile/entries/000.p/3"));
    mkdirSync(join(folder.path, "tile/entries/000.p/3"));
    expect(() => readFolder(folder.path)).toThrow(expect.objectContaining({ exitCode: 3 }));
  });

  test("another record, signed by another key -> no log of the key that was told", () => {
    using folder = tempDir();
    const other = generateKeyPair();
    const forger = { name: signer.name, publicKey: other.publicKey, sign: createSigner(other.privateKeyPem) };
    const texts = chain(3, (body, seq) => (seq === 2 ? { forged: true } : body));
    const writer = new FolderWriter(folder.path, undefined);
    for (const text of texts) writer.add(text);
    writer.end(signed(texts, forger));
    expect(findings(folder.path)).toEqual([]);
    expect(readFolder(folder.path, { verifierKey })).toContain("is not signed by");
  });

  test("a head of another name by the same key -> the key of another log", () => {
    using folder = tempDir();
    const texts = chain(2);
    const writer = new FolderWriter(folder.path, undefined);
    for (const text of texts) writer.add(text);
    const { root } = signed(texts);
    writer.end({ note: signNote(treeHeadText({ origin: "another", size: 2, root }), signer), verifierKey });
    expect(readFolder(folder.path)).toBe(`${folder.path}: the head is of another, the key of another log`);
  });

  test("no head, or no key -> said so", () => {
    using folder = tempDir();
    put(folder.path, chain(2));
    rmSync(join(folder.path, "verifier-key"));
    expect(readFolder(folder.path)).toBe(`${folder.path} has no file verifier-key: name the key`);
    expect(findings(folder.path, { verifierKey })).toEqual([]);
    rmSync(join(folder.path, "checkpoint"));
    expect(readFolder(folder.path)).toBe(`${folder.path} has no file checkpoint`);
  });

  test("the clock of the first and of the last record, each by itself", () => {
    using folder = tempDir();
    const texts = chain(
      3,
      (body) => body,
      (seq) => `2026-01-0${seq}T00:00:00.000Z`,
    );
    put(folder.path, texts);
    expect(readFolder(folder.path)).toMatchObject({ firstAt: at, lastAt: "2026-01-03T00:00:00.000Z" });
  });

  test("of a thousand wrong records fifty are told", () => {
    using folder = tempDir();
    const texts = Array.from({ length: 1_000 }, () => "{}");
    const writer = new FolderWriter(folder.path, undefined);
    for (const text of texts) writer.add(text);
    writer.end(signed(texts));
    expect(findings(folder.path)).toHaveLength(50);
  });

  test("records that do not follow one another, though they were signed so -> found, each", () => {
    using folder = tempDir();
    const [one = "", two = "", three = ""] = chain(3);
    const texts = [one, three, two, "{}", `${two} `];
    const writer = new FolderWriter(folder.path, undefined);
    for (const text of texts) writer.add(text);
    writer.end(signed(texts));
    expect(findings(folder.path)).toEqual([
      "record 2 says that it is record 3",
      "record 2 does not name the hash of the record before it",
      "record 3 says that it is record 2",
      "record 3 does not name the hash of the record before it",
      "record 4 is no audit record",
      "record 5 is not in canonical form",
      "record 5 says that it is record 2",
      "record 5 does not name the hash of the record before it",
    ]);
  });

  test("a checkpoint that was kept: its own continuation is good, another past or a shorter one is found", () => {
    using folder = tempDir();
    const texts = chain(300);
    put(folder.path, texts);
    const kept = (of: string[]) => {
      const head = sha256Hex(of.at(-1) ?? "");
      return { type: "countersign.checkpoint/1" as const, size: of.length, head, root: signed(of).root, at };
    };
    expect(findings(folder.path, { against: kept(texts.slice(0, 100)) })).toEqual([]);
    const otherPast = chain(100, (body, seq) => (seq === 50 ? { changed: true } : body));
    expect(findings(folder.path, { against: kept(otherPast) })).toEqual([
      `the first 100 records are not those that a checkpoint was signed over at ${at}`,
    ]);
    expect(findings(folder.path, { against: kept(texts) })).toEqual([]);
    const right = kept(texts.slice(0, 100));
    for (const wrong of [{ head: "00".repeat(32) }, { root: "00".repeat(32) }])
      expect(findings(folder.path, { against: { ...right, ...wrong } })).toHaveLength(1);
    expect(findings(folder.path, { against: kept(chain(301)) })).toEqual([
      "a checkpoint was signed over 301 records, and there are 300",
    ]);
  });
});
