import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { judgingFiles } from "./engine.ts";

const SOURCE = join(import.meta.dirname, "..");
const ROOT = join(SOURCE, "../../..");

/** The file that an import of the project names; undefined: a library. */
function fileOf(from: string, name: string): string | undefined {
  if (name.startsWith(".")) return join(dirname(from), name);
  const [, part = "", module] = /^@countersign\/([^/]+)\/(.+)$/.exec(name) ?? [];
  const folders = [`libs/${part}`, part].map((folder) => join(ROOT, folder, "src", `${module}.ts`));
  return folders.find((file) => module !== undefined && existsSync(file));
}

/** Everything that these files run, from import to import. What is only a type decides nothing. */
function runBy(files: readonly string[]): Set<string> {
  const found = new Set<string>();
  const left = [...files];
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    const imports = readFileSync(file, "utf8").matchAll(/^(?:import|export)\s(?!type\s)[^;]*?from "([^"]+)"/gm);
    for (const [, name = ""] of imports) left.push(...[fileOf(file, name)].filter((one) => one !== undefined));
  }
  return found;
}

test("every file that can change a verdict is in the hash of the code that judges", () => {
  const judging = new Set(judgingFiles());
  const run = runBy(["judge.ts", "policy.ts"].map((name) => join(SOURCE, name)));
  expect(run.size).toBeGreaterThan(90);
  expect([...run].filter((file) => !judging.has(file))).toEqual([]);
});
