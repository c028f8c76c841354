import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { tempDir } from "@countersign/testing/temp-dir";
import { verifierKeyOf } from "@countersign/tlog/note";
import { proofText, readProof } from "@countersign/tlog/proof";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CommandError } from "../exit-codes.ts";
import { chain, put, signer, verifierKey } from "../testing/exported-log.ts";
import { auditProve, checkProof } from "./proof.ts";

let folder: ReturnType<typeof tempDir>;
let said: string[] = [];
beforeEach(() => {
  folder = tempDir("countersign-proof-");
  said = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  folder.remove();
});

/** Exit code, or that of the error with its words. */
function ended(run: () => number): [number, string] {
  try {
    return [run(), said.join("")];
  } catch (error) {
    return error instanceof CommandError ? [error.exitCode, error.message] : [-1, String(error)];
  }
}

/** The proofs of an export of so many records, by the words of the command. */
function prove(wanted: string, records = 300): string[] {
  const log = join(folder.path, "log");
  mkdirSync(log);
  put(log, chain(records));
  const [code, told] = ended(() => auditProve(["prove", log, wanted], { out: folder.path, json: true }));
  expect(code, told).toBe(0);
  said = [];
  return (JSON.parse(told) as { files: string[] }).files;
}

const check = (file: string, key = verifierKey) => ended(() => checkProof(file, { key }));

test("each record of a log is proved by a file of its own, which holds no other record", () => {
  const files = prove("prop_a");
  expect(files).toHaveLength(300);
  for (const number of [1, 2, 256, 257, 300]) {
    said = [];
    const [file = ""] = files.filter((one) => one.endsWith(`record-${number}.tlog-proof`));
    expect(check(file)).toEqual([
      0,
      expect.stringContaining(`ok: record ${number}, order.edge of prop_a, by approval`),
    ]);
    expect(said.join("")).toContain(`"number": "${number}"`);
    expect(readFileSync(file, "utf8").length).toBeLessThan(2_000);
  }
});

test("the record of a number, and of a proposal that is not there: exit code 1", () => {
  expect(prove("7")).toEqual([join(folder.path, "record-7.tlog-proof")]);
  const none = ended(() => auditProve(["prove", join(folder.path, "log"), "prop_b"], { out: folder.path }));
  expect(none).toEqual([1, expect.stringContaining("no record of prop_b")]);
});

test("a file that is there already is not written over: exit code 2", () => {
  prove("7");
  expect(ended(() => auditProve(["prove", join(folder.path, "log"), "7"], { out: folder.path }))[0]).toBe(2);
});

test("an export that does not verify proves nothing: exit code 5", () => {
  prove("7");
  const bundle = join(folder.path, "log/tile/entries/000");
  writeFileSync(bundle, readFileSync(bundle).fill(" ", 10, 11));
  expect(ended(() => auditProve(["prove", join(folder.path, "log"), "8"], { out: folder.path }))[0]).toBe(5);
});

test("any one character changed in a proof -> exit code 5, or the same record", () => {
  const [file = ""] = prove("7", 20);
  const text = readFileSync(file, "utf8");
  const good = check(file)[1];
  for (let place = 0; place < text.length; place += 1) {
    said = [];
    writeFileSync(file, `${text.slice(0, place)}${text[place] === "B" ? "C" : "B"}${text.slice(place + 1)}`);
    const [code, told] = check(file);
    if (code !== 5) expect([code, told]).toEqual([0, good]);
  }
});

test("of another place, of another key, or without a key -> not taken", () => {
  const [file = ""] = prove("7", 20);
  const proof = readProof(readFileSync(file, "utf8"));
  if (proof === undefined) throw new Error("no proof");
  const other = verifierKeyOf({ ...signer, publicKey: generateKeyPair().publicKey });
  expect(check(file, other)).toEqual([5, expect.stringContaining("is not signed by")]);
  expect(ended(() => checkProof(file, {}))).toEqual([2, expect.stringContaining("--key is missing")]);
  writeFileSync(file, proofText({ ...proof, index: 7 }));
  expect(check(file)).toEqual([5, expect.stringContaining("not at this place")]);
});
