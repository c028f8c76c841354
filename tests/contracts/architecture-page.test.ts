import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const FOLDER = join(import.meta.dirname, "../../docs");
const text = readFileSync(join(FOLDER, "architecture.md"), "utf8");

test("every file that the architecture page sends a reader to is there", () => {
  const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map((match) => match[1] ?? "");
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((link) => !existsSync(join(FOLDER, link)))).toEqual([]);
});

test("it stays short enough to be read", () => {
  expect(text.split("\n").length).toBeLessThanOrEqual(121);
});
