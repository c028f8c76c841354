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
    ["none", "5", "6", "looser"],
    ["higher", "10", "9", "looser"],
    ["higher", null, "5", "stricter"],
    ["true", true, false, "looser"],
    ["lower", { STK: "3" }, { STK: "2", OPT: "1" }, "looser"],
    ["lower", usd("10"), usd("10.0"), "same"],
    ["none", { from: "09:30", to: "16:00" }, { to: "16:00", from: "09:30" }, "same"],
    ["none", { from: "09:30", to: "16:00" }, { to: "16:01", from: "09:30" }, "looser"],
    ["fewer", [{ account: "A", secType: "STK" }], [{ secType: "STK", account: "A" }], "same"],
    ["fewer", [{ account: "A", secType: "STK" }], [{ secType: "OPT", account: "A" }], "looser"],
  ] as const)("%s: %o to %o -> %s", (direction, before, after, expected) => {
    expect(one(direction, before, after)).toBe(expected);
  });
});

describe("what is not there, or of another kind than before, is never stricter", () => {
  test.each([
    ["true", undefined, true],
    ["false", "yes", false],
    ["true", false, undefined],
    ["lower", null, undefined],
    ["lower", undefined, "5"],
    ["lower", { STK: "3" }, null],
    ["lower", usd("10"), "9"],
    ["lower", "9", usd("10")],
    ["lower", true, {}],
    ["lower", Number.POSITIVE_INFINITY, 5_000],
    ["higher", 1e-7, 5_000],
    ["lower", {}, true],
    ["lower", {}, null],
    ["lower", ["5"], ["4"]],
    ["lower", ["5"], "4"],
    ["lower", { a: "5" }, []],
    ["lower", "x5", "4"],
    ["lower", "5x", "4"],
    ["lower", "5.", "4"],
    ["lower", "-", "-5"],
    ["fewer", ["a"], null],
    ["fewer", "a", ["a"]],
    ["more", ["a"], "ab"],
  ] as const)("%s: %o to %o -> looser", (direction, before, after) => {
    expect(one(direction, before, after)).toBe("looser");
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
