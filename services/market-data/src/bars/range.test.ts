import type { BarsRequest } from "@countersign/contracts/messages/md-bars.v1";
import { expect, test } from "vitest";
import { wantedOf } from "./range.ts";

const LIMITS = { nowMs: Date.UTC(2026, 10, 20, 15, 0), yearsMax: 60 };
const ASK = { barSize: "1 day", whatToShow: "TRADES", from: null, duration: null, until: null } as const;
const wanted = (change: Partial<BarsRequest>, secType = "STK") => wantedOf({ ...ASK, ...change }, secType, LIMITS);

test.each([
  ["neither from nor duration", {}, "INVALID_ARGUMENT"],
  ["both of them", { from: "2026-11-01T00:00:00.000Z", duration: "1 D" }, "INVALID_ARGUMENT"],
  ["a day that does not exist", { from: "2026-02-30T00:00:00.000Z" }, "INVALID_ARGUMENT"],
  ["from after until", { from: "2026-11-02T00:00:00.000Z", until: "2026-11-01T00:00:00.000Z" }, "INVALID_ARGUMENT"],
  ["until in the future", { duration: "1 D", until: "2027-11-01T00:00:00.000Z" }, "INVALID_ARGUMENT"],
  ["less than one bar", { duration: "60 S" }, "INVALID_ARGUMENT"],
  ["a hundred years", { from: "1926-11-20T00:00:00.000Z" }, "RANGE_TOO_LONG"],
  ["a hundred years as a duration", { duration: "100 Y" }, "RANGE_TOO_LONG"],
  ["99,999 years", { duration: "99999 Y" }, "RANGE_TOO_LONG"],
  ["a day long ago", { from: "1900-01-01T00:00:00.000Z", until: "1900-01-02T00:00:00.000Z" }, "RANGE_TOO_LONG"],
  [
    "short bars of last year",
    { barSize: "30 secs", from: "2025-11-01T00:00:00.000Z", until: "2025-11-02T00:00:00.000Z" },
    "RANGE_TOO_LONG",
  ],
  [
    "ADJUSTED_LAST with an end",
    { whatToShow: "ADJUSTED_LAST", duration: "1 Y", until: "2026-11-01T00:00:00.000Z" },
    "DATA_KIND_NOT_OFFERED",
  ],
  [
    "ADJUSTED_LAST beyond one request",
    { whatToShow: "ADJUSTED_LAST", barSize: "5 mins", duration: "1 Y" },
    "RANGE_TOO_LONG",
  ],
] as const)("%s -> %s", (_, change, code) => {
  expect(wanted(change)).toMatchObject({ outcome: "denied", denial: { code } });
});

test.each([
  ["CASH", "TRADES"],
  ["FUND", "TRADES"],
  ["CFD", "TRADES"],
  ["IND", "BID"],
  ["FUT", "ADJUSTED_LAST"],
  ["OPT", "HISTORICAL_VOLATILITY"],
  ["STK", "YIELD_BID"],
  ["CRYPTO", "FEE_RATE"],
] as const)("%s has no %s -> DATA_KIND_NOT_OFFERED, and what there is", (secType, whatToShow) => {
  const answer = wanted({ duration: "1 D", whatToShow }, secType);
  expect(answer).toMatchObject({ outcome: "denied", denial: { code: "DATA_KIND_NOT_OFFERED", detail: { secType } } });
});

test.each([
  ["STK", "TRADES"],
  ["STK", "ADJUSTED_LAST"],
  ["STK", "FEE_RATE"],
  ["IND", "OPTION_IMPLIED_VOLATILITY"],
  ["BOND", "YIELD_LAST"],
  ["CRYPTO", "TRADES"],
  ["CASH", "MIDPOINT"],
  ["FOP", "BID_ASK"],
] as const)("%s has %s", (secType, whatToShow) => {
  expect(wanted({ duration: "1 D", whatToShow }, secType)).toMatchObject({ kind: "direct", duration: "1 D" });
});

test("a duration that TWS takes is asked for as it is, a longer one by pages", () => {
  expect(wanted({ duration: "1 M", barSize: "1 hour" })).toMatchObject({ kind: "direct" });
  expect(wanted({ duration: "1 Y", barSize: "1 hour" })).toMatchObject({ kind: "paged", untilMs: null });
});

test("ADJUSTED_LAST from an instant is the shortest duration that reaches back there, in one piece", () => {
  const from = "2026-08-20T15:00:00.000Z";
  expect(wanted({ whatToShow: "ADJUSTED_LAST", from })).toEqual({ kind: "direct", duration: "92 D", untilMs: null });
});
