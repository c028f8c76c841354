import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@countersign/config/load";
import { tempDir } from "@countersign/testing/temp-dir";
import { describe, expect, test } from "vitest";
import { ROSTER_FILE } from "./open-roster.ts";
import { parseRoots } from "./roots.ts";
import { rosterCheck, rosterInFile } from "./roster.ts";
import { seenInFile, seenInMemory } from "./seen-version.ts";
import { testRoster } from "./testing/test-roster.ts";

const people = testRoster(["alice", "bob"]);
const open = (folder: { path: string }, seen = seenInMemory()) =>
  rosterInFile({ file: join(folder.path, ROSTER_FILE), roots: people.roots, seen });
const onlyBob = { approvers: people.roster.keysOf("bob").map((key) => ({ person: "bob", keys: [key] })) };

describe("the roster in a file", () => {
  test("a key that is taken out while running -> does not count any more", () => {
    using folder = tempDir();
    people.write(folder.path);
    const roster = open(folder);
    expect(roster.keyOf("alice-session")?.person).toBe("alice");
    people.write(folder.path, { version: 2, ...onlyBob });
    expect(roster.keyOf("alice-session")).toBeUndefined();
    expect(roster.keysOf("alice")).toEqual([]);
    expect(roster.keyOf("bob-session")?.person).toBe("bob");
  });

  test("broken, gone or older while running -> nobody may approve, health says why; good again -> back", async () => {
    using folder = tempDir();
    people.write(folder.path, { version: 2 });
    const roster = open(folder);
    expect(await rosterCheck(roster).check()).toEqual({ ok: true, detail: "version 2" });
    const file = join(folder.path, ROSTER_FILE);
    for (const [spoil, reason] of [
      [() => writeFileSync(file, "{"), /no JSON/],
      [() => rmSync(file), /missing/],
      [() => people.write(folder.path, { version: 1 }), /older/],
      [() => testRoster(["alice"]).write(folder.path, { version: 3 }), /does not verify/],
    ] as const) {
      spoil();
      expect(roster.keyOf("alice-session")).toBeUndefined();
      expect(await rosterCheck(roster).check()).toMatchObject({ ok: false, detail: expect.stringMatching(reason) });
    }
    people.write(folder.path, { version: 2 });
    expect(roster.keyOf("alice-session")?.person).toBe("alice");
  });

  test("an older version after a restart -> refused, because the newest one is remembered", () => {
    using folder = tempDir();
    const seen = join(folder.path, "state", "roster-seen.json");
    people.write(folder.path, { version: 7 });
    expect(open(folder, seenInFile(seen)).status().ok).toBe(true);
    people.write(folder.path, { version: 6 });
    expect(open(folder, seenInFile(seen)).status()).toMatchObject({ ok: false });
    people.write(folder.path, { version: 8 });
    expect(open(folder, seenInFile(seen)).status()).toMatchObject({ ok: true, version: 8 });
  });

  test("what was remembered cannot be read -> refused, and not taken for a fresh start", () => {
    using folder = tempDir();
    const seen = join(folder.path, "roster-seen.json");
    writeFileSync(seen, "{");
    people.write(folder.path);
    expect(open(folder, seenInFile(seen)).status().ok).toBe(false);
  });
});

const KEY = "A".repeat(43);
test.each([
  "",
  "root",
  `root:${KEY}x`,
  `Root:${KEY}`,
  `a:${KEY},a:${"B".repeat(43)}`,
  `a:${KEY},b:${KEY}`,
  `a:${KEY},b:${KEY.slice(1)}B`,
  `a:${KEY},`,
])("roots %j -> ConfigError", (text) => expect(() => parseRoots(text)).toThrow(ConfigError));
