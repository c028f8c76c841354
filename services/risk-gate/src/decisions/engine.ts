import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { sha256Hex } from "@countersign/ids/hash";

const SOURCE = join(import.meta.dirname, "..");
const ROOT = join(SOURCE, "../../..");
/** All that decides what a verdict says, given its inputs and its policy. */
const CODE = [
  join(SOURCE, "rules"),
  join(SOURCE, "facts"),
  join(SOURCE, "policy"),
  join(SOURCE, "policy.ts"),
  join(SOURCE, "judge.ts"),
  join(SOURCE, "inputs.ts"),
  join(ROOT, "libs/money/src"),
  join(ROOT, "libs/ids/src/hash.ts"),
];

let known: string | undefined;

/** The hash of the code that judges. The same bytes are promised for the same code; another code may say it otherwise. */
export function engineHash(): string {
  known ??= sha256Hex(CODE.flatMap(sourcesIn).map(namedSource).join(""));
  return known;
}

function sourcesIn(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).sort();
  return files.filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts")).map((name) => join(path, name));
}

function namedSource(file: string): string {
  return `${relative(ROOT, file)}\n${sha256Hex(readFileSync(file))}\n`;
}
