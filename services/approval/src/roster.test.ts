import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { describe, expect, test } from "vitest";
import { readRoster } from "./roster.ts";
import { KEYS } from "./test-support.ts";

const key = { keyId: "admin-session", publicKey: KEYS.publicKey, kind: "session" };

describe("roster of approvers", () => {
  test("a list of keys -> each by its id", () => {
    using folder = tempDir();
    writeFileSync(join(folder.path, "approvers.json"), JSON.stringify({ keys: [key] }));
    expect([...readRoster(folder.path)]).toEqual([["admin-session", KEYS.publicKey]]);
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
    if (content !== undefined) writeFileSync(join(folder.path, "approvers.json"), text);
    expect(() => readRoster(folder.path)).toThrow(/approvers\.json/);
  });
});
