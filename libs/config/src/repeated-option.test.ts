import { parseArgs } from "node:util";
import { expect, test } from "vitest";
import { repeatedOption } from "./repeated-option.ts";

const text = { type: "string" } as const;
const options = { a: { ...text, short: "x" }, b: text, many: { ...text, multiple: true } } as const;
const repeatedIn = (...args: string[]) =>
  repeatedOption(parseArgs({ args, options, allowPositionals: true, tokens: true }).tokens, ["many"]);

test.each([
  [["--a", "1", "--b", "2", "--a", "3"], "a"],
  [["--a=1", "-x", "1"], "a"],
  [["--a", "1", "word", "word", "--b", "1", "--many", "1", "--many", "2"], undefined],
  [["--a", "1", "--", "--a", "2"], undefined],
])("%j -> %s", (args, name) => {
  expect(repeatedIn(...args)).toBe(name);
});
