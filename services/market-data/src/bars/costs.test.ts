import { expect, test } from "vitest";
import { barsCost, liveBarsCost, otherCost, ticksCost } from "./costs.ts";

const BARS = { conid: 265598, barSize: "5 mins", duration: "1 D", end: null, whatToShow: "TRADES" } as const;
const cost = (change: object = {}) => barsCost({ ...BARS, regularHoursOnly: true, ...change });

test("bars of more than 30 seconds are not counted by IBKR, shorter ones are, with their identity", () => {
  expect(cost()).toEqual({ kind: "bars", conid: 265598, weight: 1, hard: false });
  expect(cost({ barSize: "1 min" }).hard).toBe(false);
  expect(cost({ barSize: "30 secs" })).toMatchObject({ hard: true, burstKey: "265598 TRADES" });
});

test("BID_ASK counts twice", () => {
  expect(cost({ whatToShow: "BID_ASK" }).weight).toBe(2);
  expect(ticksCost({ conid: 1, kind: "BID_ASK", from: null, until: null }).weight).toBe(2);
});

test("two requests that differ in anything are not identical, two equal ones are", () => {
  const short = { barSize: "5 secs" };
  const others = [
    ...[{ conid: 1 }, { barSize: "10 secs" }, { duration: "1800 S" }, { end: "2026-11-20T14:30:00.000Z" }],
    ...[{ whatToShow: "BID" }, { regularHoursOnly: false }],
  ];
  const identities = [short, ...others.map((change) => ({ ...short, ...change }))].map(
    (change) => cost(change).identity,
  );
  expect(new Set(identities).size).toBe(identities.length);
  expect(cost(short).identity).toBe(cost(short).identity);
});

test("live bars share the hard pace without its rules of identity; heads and schedules do not count", () => {
  expect(liveBarsCost(1)).toEqual({ kind: "ticks", conid: 1, weight: 1, hard: true });
  expect(otherCost(1).hard).toBe(false);
  expect(ticksCost({ conid: 1, kind: "TRADES", from: "a", until: null })).toMatchObject({ kind: "ticks", hard: true });
});
