import { expect, test } from "vitest";
import { expiryFault } from "./expiry.ts";

const NOW_MS = Date.UTC(2026, 10, 21, 11, 59);

test.each([
  ["20261121", undefined],
  ["20261120", undefined],
  ["20261119", "20261119 is past"],
  ["202611", undefined],
  ["202610", "202610 is past"],
  ["20271217", undefined],
  ["20270231", "20270231 is no date"],
  ["20271301", "20271301 is no date"],
  ["20270100", "20270100 is no date"],
  ["202700", "202700 is no date"],
  ["20280229", undefined],
])("%s: %s", (expiry, fault) => {
  expect(expiryFault(expiry, NOW_MS)).toBe(fault);
});

test("a day is over when it is over everywhere", () => {
  expect(expiryFault("20261120", NOW_MS + 60_000)).toBe("20261120 is past");
});
