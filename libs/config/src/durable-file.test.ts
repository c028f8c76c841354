import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, expect, test } from "vitest";
import { replaceDurably } from "./durable-file.ts";

const folder = tempDir("countersign-durable-");
afterAll(() => folder.remove());

test("a text takes the place of another, for its owner only", () => {
  const file = join(folder.path, "a");
  replaceDurably(file, "one");
  replaceDurably(file, "two");
  expect(readFileSync(file, "utf8")).toBe("two");
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("room for a part of it only -> an error, and the one before stands whole", () => {
  const file = join(folder.path, "b");
  replaceDurably(file, "before");
  const module = JSON.stringify(join(import.meta.dirname, "durable-file.ts"));
  const script = `(await import(${module})).replaceDurably(${JSON.stringify(file)}, "x".repeat(100_000))`;
  // No file of that process may be longer than some blocks: the write takes what fits and then fails, as on a full disk.
  const command = `ulimit -f 8; exec "${process.execPath}" --input-type=module -e '${script}'`;
  const { status, signal, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8", env: {} });
  expect(status === 0 ? "it was written" : (signal ?? stderr)).toMatch(/EFBIG|SIGXFSZ/);
  expect(readFileSync(file, "utf8")).toBe("before");
});
