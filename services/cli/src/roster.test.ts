import { spawnSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { expect, test } from "vitest";

const CLI = join(import.meta.dirname, "main.ts");
const run = (...args: string[]) => spawnSync(process.execPath, [CLI, "roster", ...args], { encoding: "utf8" });

test("a roster from nothing to one that counts, and a change that nobody has signed does not", () => {
  using folder = tempDir();
  const at = (name: string) => join(folder.path, name);
  const root = run("new-key", "root", "--out", at("root.pem")).stdout.trim();
  expect(statSync(at("root.pem")).mode & 0o777).toBe(0o600);
  const [, publicKey] = run("new-key", "alice-session", "--out", at("alice.pem")).stdout.trim().split(":");
  writeFileSync(
    at("entry.json"),
    JSON.stringify({ person: "alice", keys: [{ keyId: "alice-session", kind: "session", publicKey }] }),
  );
  const file = at("roster.json");
  run("new", file);
  expect(run("add", file, "--entry", at("entry.json")).stdout).toContain("version 2, signed by nobody");
  expect(run("show", file, "--roots", root).status).toBe(5);
  expect(run("sign", file, "--key", at("root.pem"), "--name", "root").stdout).toContain("signed by root");
  const shown = run("show", file, "--roots", root);
  expect([shown.status, shown.stdout]).toEqual([0, expect.stringContaining("alice: alice-session (session)")]);
  expect(run("remove", file, "--key", "alice-session").stdout).toContain("version 3, signed by nobody");
  expect(run("show", file, "--roots", root).stdout).toContain("does NOT count");
  expect(run("new-key", "root", "--out", at("root.pem")).status).not.toBe(0);
  expect(readFileSync(file, "utf8")).not.toContain("PRIVATE");
});

test("asked for its help -> all of it on standard output, exit code 0", () => {
  for (const args of [["--help"], ["sign", "--help"]]) {
    const { status, stdout } = run(...args);
    expect([status, stdout]).toEqual([0, expect.stringContaining("show FILE [--roots ID:KEY,...]")]);
  }
});

test("what it does not understand -> exit code 2 and its help", () => {
  for (const args of [[], ["burn"], ["sign", "x"], ["show", "/nowhere"]]) {
    const { status, stderr } = run(...args);
    expect([status, stderr]).toEqual([2, expect.stringContaining("countersign roster <command>")]);
  }
});

test("an entry that is none names each field on a line of its own, and nothing of a parser: exit code 2", () => {
  using folder = tempDir();
  const [file, entry] = [join(folder.path, "roster.json"), join(folder.path, "entry.json")];
  run("new", file);
  writeFileSync(entry, '{"person":1,"\u009bkeys":[]}');
  const { status, stderr } = run("add", file, "--entry", entry);
  expect(status).toBe(2);
  expect(stderr).toContain("  person: Invalid input: expected string, received number\n");
  expect(stderr).toContain("  (top): Unrecognized key");
  expect(stderr).not.toMatch(/"code"|\u009b/);
});

test.each([
  ["a key", (file: string) => ["new-key", "root", "--out", file]],
  ["a roster", (file: string) => ["new", file]],
])("%s in a folder that is not there -> exit code 2 and one sentence", (_, args) => {
  const { status, stderr } = run(...args("/nowhere/at/all"));
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^\/nowhere\/at\/all: ENOENT[^\n]*\n$/)]);
});
