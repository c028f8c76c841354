import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const CONFIG = join(import.meta.dirname, "../../../config");
const shipped = (name: string) => parse(readFileSync(join(CONFIG, name), "utf8"));

test("what the gate keeps is asked for again before the shipped policy finds it too old", () => {
  const { history, book, watch, whatIfReuseMsMax } = shipped("risk-gate.yaml");
  const { factAge, knownBook, margin } = shipped("risk-policy.yaml").rules;
  expect(history.ageMsMax + history.everyMs + history.retryMs).toBeLessThan(factAge.history * 1_000);
  expect(book.ageMsMax + book.everyMs).toBeLessThan(Math.min(knownBook.ageMsMax, factAge.others * 1_000));
  expect(book.rateAgeMsMax).toBeLessThan(factAge.others * 1_000);
  expect(whatIfReuseMsMax).toBeLessThan(Math.min(margin.ageMsMax, factAge.whatIf * 1_000));
  expect(watch.staleAfterMs).toBeLessThan(factAge.others * 1_000);
});
