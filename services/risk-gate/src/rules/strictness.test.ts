import { describe, expect, test } from "vitest";
import { compareLimits, type Direction } from "./strictness.ts";

const one = (direction: Direction, before: unknown, after: unknown) =>
  compareLimits({ limit: direction }, { limit: before }, { limit: after });
const usd = (amount: string) => ({ amount, currency: "USD" });

describe("one limit after a change", () => {
  test.each([
    ["lower", "10", "9.99", "stricter"],
    ["lower", "10", "10.01", "looser"],
    ["lower", "10", "10.0", "same"],
    ["lower", 5000, 4999, "stricter"],
    ["higher", "10", "11", "stricter"],
    ["higher", "10", "-1", "looser"],
    ["lower", usd("10"), usd("9"), "stricter"],
    ["lower", usd("10"), { amount: "9", currency: "EUR" }, "looser"],
    ["lower", { STK: "3", OPT: "20" }, { STK: "2", OPT: "20" }, "stricter"],
    ["lower", { STK: "3", OPT: "20" }, { STK: "2", OPT: "21" }, "mixed"],
    ["lower", { STK: "3" }, { OPT: "3" }, "looser"],
    ["lower", null, "5", "stricter"],
    ["lower", "5", null, "looser"],
    ["lower", "5", "five", "looser"],
    ["fewer", ["a", "b"], ["b"], "stricter"],
    ["fewer", ["a", "b"], ["b", "a"], "same"],
    ["fewer", ["a"], ["b"], "looser"],
    ["fewer", null, [1], "stricter"],
    ["more", [1], [1, 2], "stricter"],
    ["more", [1, 2], [1], "looser"],
    ["false", true, false, "stricter"],
    ["false", false, true, "looser"],
    ["true", false, true, "stricter"],
    ["none", "a", "b", "looser"],
    ["none", "a", "a", "same"],
  ] as const)("%s: %o to %o -> %s", (direction, before, after, expected) => {
    expect(one(direction, before, after)).toBe(expected);
  });
});

test("several limits: stricter in one and looser in another is mixed", () => {
  const stricter = { ageMsMax: "lower", dataTypes: "fewer" } as const;
  const before = { ageMsMax: 5, dataTypes: ["live", "frozen"] };
  const after = (ageMsMax: number, dataTypes: string[]) => compareLimits(stricter, before, { ageMsMax, dataTypes });
  expect(after(4, ["live", "frozen"])).toBe("stricter");
  expect(after(4, ["live"])).toBe("stricter");
  expect(after(6, ["live"])).toBe("mixed");
  expect(after(5, ["live", "frozen"])).toBe("same");
});
