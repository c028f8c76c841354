import { readdirSync } from "node:fs";
import { join } from "node:path";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterAll, expect, test } from "vitest";
import { compileAhead } from "./compile-ahead.ts";

const folder = tempDir("countersign-compiled-");
afterAll(() => folder.remove());

/** How many modules are kept, for whatever flags. */
const kept = (cache: string) =>
  readdirSync(cache, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.name.startsWith("ahead-"),
  ).length;

test("before the first start the modules of each service are compiled and kept; the next start has nothing to do", async () => {
  const cache = join(folder.path, "cache");
  const said: string[] = [];
  const services = [{ name: "tws-simulator", args: [], env: {} }];
  await compileAhead(services, cache, (line) => said.push(line));
  const modules = kept(cache);
  expect(modules).toBeGreaterThan(50);
  await compileAhead(services, cache, (line) => said.push(line));
  expect([said.length, kept(cache)]).toEqual([1, modules]);
});
