import { expect, test } from "vitest";
import { RULES } from "../services/risk-gate/src/rules/registry.ts";
import { scanRuleTests } from "./rules/scan.ts";

const scanned = scanRuleTests();
/** What is always there, and what may be absent without anything being missing. */
const ALWAYS_THERE = ["mode", "at", "legs", "replaces"];
/** Rules whose tests are still spread over other files. Only shrinks. */
const NOT_YET: readonly string[] = [
  ...["killSwitch", "accountAllowlist", "paperAccount", "permittedInstruments", "comboLegs", "marketOpen"],
  ...["orderForm", "priceTick", "priceSides", "quantityStep", "maxOrderNotional"],
];

test("every rule has one file of tests, and every file tests a rule", () => {
  const files = scanned.map(({ rule }) => rule);
  expect(new Set(files).size).toBe(files.length);
  const names = RULES.map(({ name }) => name);
  expect(files.filter((rule) => !names.includes(rule))).toEqual([]);
  expect(names.filter((rule) => !files.includes(rule) && !NOT_YET.includes(rule))).toEqual([]);
});

test.each(scanned)("$rule has a denial, both sides of its limit, missing inputs and a property", ({ rule, names }) => {
  const inputs = RULES.find(({ name }) => name === rule)?.inputs ?? [];
  expect(names.denies.length).toBeGreaterThan(0);
  expect(names.boundary.length).toBeGreaterThan(0);
  expect(names.property.length).toBeGreaterThan(0);
  const needsFacts = inputs.some((input) => !ALWAYS_THERE.includes(input));
  expect(names.missingDenies.length > 0).toBe(needsFacts);
});
