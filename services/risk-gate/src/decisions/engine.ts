import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { sha256Hex } from "@countersign/ids/hash";

const SOURCE = join(import.meta.dirname, "..");
const ROOT = join(SOURCE, "../../..");
/** Of the contracts, what rules and policies run. */
const WORDS = ["combo", "costs", "life", "market-value", "mode", "money", "order", "order-check", "order-rules"];
/** All that decides what a verdict says, given its inputs and its policy. */
const CODE = [
  join(SOURCE, "rules"),
  join(SOURCE, "facts"),
  join(SOURCE, "policy"),
  join(SOURCE, "policy.ts"),
  join(SOURCE, "judge.ts"),
  join(SOURCE, "inputs.ts"),
  join(SOURCE, "watch/marks.ts"),
  join(SOURCE, "costs/slippage.ts"),
  join(SOURCE, "counters/active-orders.ts"),
  ...[...WORDS, "primitives"].map((name) => join(ROOT, `contracts/src/${name}.ts`)),
  join(ROOT, "libs/clock/src/clock.ts"),
  join(ROOT, "libs/money/src"),
  join(ROOT, "libs/ids/src/hash.ts"),
];

let known: string | undefined;

/** The hash of the code that judges. The same bytes are promised for the same code; another code may say it otherwise. */
export function engineHash(): string {
  known ??= sha256Hex(judgingFiles().map(namedSource).join(""));
  return known;
}

/** What the hash is of, in its order. */
export function judgingFiles(): string[] {
  return CODE.flatMap(sourcesIn);
}

function sourcesIn(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  return files.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).map((name) => join(path, name));
}

function namedSource(file: string): string {
  return `${relative(ROOT, file)}\n${sha256Hex(readFileSync(file))}\n`;
}
