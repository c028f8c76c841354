import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { MUTANTS } from "./run/mutants.ts";

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, "../..");
const MAIN = join(import.meta.dirname, "run/main.ts");

/** The simulator in a process of its own: it changes modules as they are loaded. */
async function simulate(...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [MAIN, ...args], { encoding: "utf8" });
  return stdout;
}

const hashOf = (text: string) => /trace hash ([0-9a-f]{8})/.exec(text)?.[1];

describe("the order path under simulated faults", () => {
  test("six hundred schedules -> no invariant is violated", async () => {
    const text = await simulate("--schedules", "600");
    expect(text).toContain("0 schedules with violations");
    expect(text).toContain("600 schedules");
  });

  test("each seed alone and all of them in one batch -> the same trace hash", async () => {
    const seeds = ["--schedules", "4", "--from", "38", "--threads"];
    const [batch, alone] = [await simulate(...seeds, "1"), await simulate(...seeds, "4")];
    expect(hashOf(batch)).toMatch(/^[0-9a-f]{8}$/);
    expect(hashOf(alone)).toBe(hashOf(batch));
  });

  test("the same seed with and without its trace -> the same hash", async () => {
    const plain = await simulate("--seed", "40");
    const traced = await simulate("--seed", "40", "--trace");
    expect(hashOf(traced)).toBe(hashOf(plain));
    expect(traced.split("\n").length).toBeGreaterThan(20);
  });

  test("what each mistake changes is in production code as it is now, once", () => {
    const patches = MUTANTS.flatMap(({ name, patches: each }) => each.map((patch) => ({ name, ...patch })));
    const gone = patches.filter(({ file, from }) => readFileSync(join(ROOT, file), "utf8").split(from).length !== 2);
    expect(gone.map(({ name }) => name)).toEqual([]);
  });

  test("mistakes put into production code -> each is caught", async () => {
    const names = ["silent order sent again, new id", "sent before the intent", "execId not looked up"];
    const text = await simulate("--mutants", "--only", names.join(";"));
    expect(text).toContain("3 of 3 mutants caught");
  });
});
