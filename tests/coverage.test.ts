import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OUT_OF_REACH, ROWS } from "@countersign/testing/catalogue/catalogue";
import { expect, test } from "vitest";
import { ROOT } from "./architecture/source-files.ts";
import { NOT_YET } from "./coverage/not-yet.ts";
import { coveragePage } from "./coverage/page.ts";
import { scanCoverage } from "./coverage/scan.ts";

const coverage = scanCoverage();

test("every row of the catalogue has a test", () => {
  const excused = new Set<string>([...NOT_YET, ...Object.keys(OUT_OF_REACH)]);
  expect(ROWS.map(({ id }) => id).filter((id) => !coverage.has(id) && !excused.has(id))).toEqual([]);
});

test("the list of rows without a test only shrinks", () => {
  expect(NOT_YET.filter((id) => coverage.has(id))).toEqual([]);
  const ids = new Set(ROWS.map(({ id }) => id));
  expect(NOT_YET.filter((id) => !ids.has(id))).toEqual([]);
});

test("every row that a test names is in the catalogue, and none of them is out of reach", () => {
  const ids = new Set(ROWS.map(({ id }) => id));
  expect([...coverage.keys()].filter((id) => !ids.has(id) || id in OUT_OF_REACH)).toEqual([]);
});

test("the page is fresh", () => {
  expect(readFileSync(join(ROOT, "docs/generated/simulator-coverage.md"), "utf8")).toBe(coveragePage(coverage));
});
