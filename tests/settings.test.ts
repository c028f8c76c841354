import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./architecture/source-files.ts";
import { SETTINGS_FILES, settingsOf } from "./rules/settings-page.ts";

/** What is no setting of a service: what people sign or keep, each with a page of its own. */
const OTHERS = ["auto-approval.yaml", "exchanges.yaml", "fees.yaml", "live.yaml", "risk-policy.yaml"];

test("every file of config/ is on the page of settings, or is known to have its own", () => {
  expect(readdirSync(join(ROOT, "config")).sort()).toEqual([...SETTINGS_FILES, ...OTHERS].sort());
});

test.each(SETTINGS_FILES)("%s: each setting says what it means, and is in the shipped file", (file) => {
  const settings = settingsOf(file);
  expect(settings.length).toBeGreaterThan(0);
  expect(settings.filter(({ meaning }) => meaning === "").map(({ path }) => path)).toEqual([]);
  expect(settings.filter(({ shipped }) => shipped === "").map(({ path }) => path)).toEqual([]);
});
