import { decimal, toText } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { againstPercent, exceedsPercent, percentText } from "./percent.ts";

describe("a part of a whole", () => {
  test.each([
    ["1", "8", "12.5"],
    ["1", "3", "33.3334"],
    ["-1", "3", "-33.3334"],
    ["0", "3", "0"],
  ])("%s of %s is %s per cent, rounded away from zero at the fourth decimal", (part, whole, percent) => {
    expect(percentText(decimal(part), decimal(whole))).toBe(percent);
  });
  test.each([
    ["10", "100", "10", false],
    ["10.000001", "100", "10", true],
    ["9.999999", "100", "10", false],
    ["-11", "100", "10", false],
    ["11", "-100", "10", true],
    ["10", "-100", "10", false],
  ])("%s of %s exceeds %s per cent: %s", (part, whole, percent, expected) => {
    expect(exceedsPercent(decimal(part), decimal(whole), percent)).toBe(expected);
  });
  test.each([
    ["10", "100", "10", "10", false],
    ["10.0000001", "100", "10", "10.0001", true],
    ["9.9999999", "100", "10", "10", false],
    ["-11", "100", "10", "-11", false],
  ])("%s of %s against %s per cent: shown as %s, exceeds: %s", (part, whole, percent, share, exceeds) => {
    const found = againstPercent(decimal(part), decimal(whole), percent);
    expect([toText(found.share), found.exceeds]).toEqual([share, exceeds]);
  });
});
