import { describe, expect, test } from "vitest";
import * as z from "zod";
import { POLICY } from "../test-facts.ts";
import { SHARED_DIRECTIONS, sharedPolicy } from "./shared-policy.ts";
import { compareLimits } from "./strictness.ts";

const { accounts, rateDataTypes, pricing, passports } = POLICY;
const SHARED = { accounts, rateDataTypes, pricing, passports };
const isGood = (change: object) => z.strictObject(sharedPolicy).safeParse({ ...SHARED, ...change }).success;

describe("what the rules share", () => {
  test("all of it is there -> good; one part is not -> refused", () => {
    expect(isGood({})).toBe(true);
    for (const name of Object.keys(SHARED)) expect([name, isGood({ [name]: undefined })]).toEqual([name, false]);
  });
  test("no account, a hundred and one, or one that is none -> refused", () => {
    const many = (count: number) => Array.from({ length: count }, () => "DU1234567");
    expect([isGood({ accounts: many(100) }), isGood({ accounts: many(101) })]).toEqual([true, false]);
    expect([isGood({ accounts: [] }), isGood({ accounts: ["*"] })]).toEqual([false, false]);
  });
  test("rates may be made of something, and of nothing that is no data", () => {
    expect([isGood({ rateDataTypes: [] }), isGood({ rateDataTypes: ["guessed"] })]).toEqual([false, false]);
  });
  test("how an account is billed: of one that is not named nothing is said", () => {
    expect([isGood({ pricing: {} }), isGood({ pricing: { DU1234567: "tiered" } })]).toEqual([true, true]);
    expect([isGood({ pricing: { "*": "tiered" } }), isGood({ pricing: { DU1234567: "free" } })]).toEqual([
      false,
      false,
    ]);
  });
  test("fewer accounts and fewer kinds of data are stricter; another price plan is not", () => {
    const change = (name: string, before: unknown, after: unknown) =>
      compareLimits(SHARED_DIRECTIONS, { ...SHARED, [name]: before }, { ...SHARED, [name]: after });
    expect(change("accounts", ["DU1", "DU2"], ["DU2"])).toBe("stricter");
    expect(change("rateDataTypes", ["live"], ["live", "delayed"])).toBe("looser");
    expect(change("rateDataTypes", ["live", "delayed"], ["live"])).toBe("stricter");
    expect(SHARED_DIRECTIONS.pricing).toBe("none");
    expect(change("pricing", { DU1: "fixed" }, { DU1: "tiered" })).toBe("looser");
  });
});
