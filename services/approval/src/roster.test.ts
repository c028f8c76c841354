import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPair } from "@countersign/ids/ed25519";
import { tempDir } from "@countersign/testing/temp-dir";
import { describe, expect, test } from "vitest";
import { rosterInFile } from "./roster.ts";

const keyOf = (keyId: string) => ({ keyId, publicKey: generateKeyPair().publicKey, kind: "session" });
const key = keyOf("admin-session");
const fileIn = (folder: { path: string }) => join(folder.path, "approvers.json");

describe("roster of approvers", () => {
  test("a key on the roster -> found; taken out while running -> not found any more", () => {
    using folder = tempDir();
    writeFileSync(fileIn(folder), JSON.stringify({ keys: [key, keyOf("second")] }));
    const roster = rosterInFile(folder.path);
    expect(roster.publicKeyOf("admin-session")).toBe(key.publicKey);
    expect(roster.publicKeyOf("nobody")).toBeUndefined();
    writeFileSync(fileIn(folder), JSON.stringify({ keys: [keyOf("second")] }));
    expect(roster.publicKeyOf("admin-session")).toBeUndefined();
  });

  test("the file vanishes or breaks while running -> an error, never the old keys", () => {
    using folder = tempDir();
    writeFileSync(fileIn(folder), JSON.stringify({ keys: [key] }));
    const roster = rosterInFile(folder.path);
    writeFileSync(fileIn(folder), "{");
    expect(() => roster.publicKeyOf("admin-session")).toThrow(/no roster/);
    rmSync(fileIn(folder));
    expect(() => roster.publicKeyOf("admin-session")).toThrow(/no roster/);
  });

  test.each([
    ["missing", undefined],
    ["no JSON", "{"],
    ["without any key", { keys: [] }],
    ["with an unknown member", { keys: [{ ...key, role: "boss" }] }],
    ["with a short key", { keys: [{ ...key, publicKey: "AAAA" }] }],
    ["with a key id twice", { keys: [key, key] }],
  ])("a file %s -> the process does not start", (_, content) => {
    using folder = tempDir();
    const text = typeof content === "string" ? content : JSON.stringify(content);
    if (content !== undefined) writeFileSync(fileIn(folder), text);
    expect(() => rosterInFile(folder.path)).toThrow(/approvers\.json/);
  });
});
