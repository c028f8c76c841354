import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { RULES } from "../services/risk-gate/src/rules/registry.ts";
import { ROOT } from "./architecture/source-files.ts";
import { CONTROLS } from "./rules/controls.ts";
import { rulesOfControl, rulesOfReference } from "./rules/controls-page.ts";
import { REFERENCE_RULES, SETTINGS } from "./rules/reference.ts";
import { scanRuleTests } from "./rules/scan.ts";

const scanned = scanRuleTests();
/** What is always there, and what may be absent without anything being missing. */
const ALWAYS_THERE = ["mode", "at", "legs", "replaces"];
/** Rules without a file of tests of their own. Stays empty. */
const NOT_YET: readonly string[] = [];
/** Controls and rules of the reference that nothing holds. Stays empty. */
const CONTROLS_NOT_YET: readonly string[] = [];
const REFERENCE_NOT_YET: readonly string[] = [];

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

test("every control has a rule, a place that is there, or says what is not there", () => {
  const bare = Object.entries(CONTROLS).filter(
    ([number, { places, not }]) => rulesOfControl(Number(number)).length + places.length === 0 && not === undefined,
  );
  expect(bare.map(([number]) => number).filter((number) => !CONTROLS_NOT_YET.includes(number))).toEqual([]);
  const places = [...Object.values(CONTROLS), ...SETTINGS].flatMap(({ places: paths }) => paths);
  expect(places.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test("every rule of the reference has a rule here", () => {
  const without = Object.keys(REFERENCE_RULES).filter((id) => rulesOfReference(id).length === 0);
  expect(without.filter((id) => !REFERENCE_NOT_YET.includes(id))).toEqual([]);
});

test("no control, rule or setting of the reference is left out, and each says what is judged", () => {
  expect(Object.keys(CONTROLS).map(Number)).toEqual(Array.from({ length: 34 }, (_, at) => at + 1));
  expect(Object.keys(REFERENCE_RULES)).toEqual(Array.from({ length: 12 }, (_, at) => `R${at + 1}`));
  expect([...new Set(SETTINGS.map(({ source }) => source))]).toEqual(["C1", "C2", "C3", "G", "I"]);
  const said = [...Object.values(CONTROLS), ...Object.values(REFERENCE_RULES), ...SETTINGS].map(({ judged }) => judged);
  expect(said.filter((text) => text.length < 20)).toEqual([]);
});

test("every safety setting is held by a rule that there is, or by a place", () => {
  const names = RULES.map(({ name }) => name);
  expect(SETTINGS.flatMap(({ rules }) => rules).filter((rule) => !names.includes(rule))).toEqual([]);
  expect(SETTINGS.filter(({ rules, places }) => rules.length + places.length === 0)).toEqual([]);
});
