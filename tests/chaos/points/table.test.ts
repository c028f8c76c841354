import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { POINTS } from "./points.ts";

const FOLDER = import.meta.dirname;
const page = readFileSync(join(FOLDER, "../../../docs/chaos.md"), "utf8");
const two = (cp: number) => `CP${String(cp).padStart(2, "0")}`;

test("each of the thirty crash points has a test and a row in docs/chaos.md", () => {
  const texts = globSync("*.points.ts", { cwd: FOLDER }).map((name) => readFileSync(join(FOLDER, name), "utf8"));
  const tested = new Set([...POINTS.map(({ cp }) => two(cp)), ...(texts.join().match(/CP\d\d/g) ?? [])]);
  const thirty = Array.from({ length: 30 }, (_, index) => two(index + 1));
  expect(thirty.filter((cp) => !tested.has(cp))).toEqual([]);
  expect(thirty.filter((cp) => !page.includes(`| ${cp} |`))).toEqual([]);
});

test("the page names every instant of the table, as the tests do", () => {
  expect(POINTS.filter(({ cp, at }) => !page.includes(`| ${two(cp)} | ${at.text} |`)).map(({ at }) => at.text)).toEqual(
    [],
  );
});
