import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { netExposure } from "./net-exposure.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(netExposure, {
  ...{ unit: "% of value", tightens: { longPercentMax: ["80", "79"], shortPercentMax: ["20", "19"] } },
  finds: { limit: "-20 to 80", value: "0", headroom: "20", says: "net short would be 0 % of the account's value" },
});

boundary("short positions take from long ones: 10 % less 5 % and 2.3002 %", "NET_EXPOSURE", {
  inside: {
    facts: withBook([msft({ quantity: "20" }), msft({ conid: 2, quantity: "-10" })]),
    limits: { longPercentMax: "7.3002" },
    finds: { limit: "-20 to 7.3002", value: "7.3002", headroom: "0", says: "net long would be 7.3002 %" },
  },
  outside: {
    facts: withBook([msft({ quantity: "20" }), msft({ conid: 2, quantity: "-10" })]),
    limits: { longPercentMax: "7.3001" },
    finds: { limit: "-20 to 7.3001", value: "7.3002", headroom: "-0.0001" },
  },
});
boundary("the other end of the band", "NET_EXPOSURE", {
  inside: {
    ...{ terms: { side: "SELL" }, limits: { shortPercentMax: "2.3" } },
    finds: { limit: "-2.3 to 80", value: "2.3", headroom: "0" },
  },
  outside: {
    ...{ terms: { side: "SELL" }, limits: { shortPercentMax: "2.2999" } },
    finds: { limit: "-2.2999 to 80", value: "2.3", headroom: "-0.0001", says: "net short would be 2.3 %" },
  },
});
denies("a hedge that only works does not count: it may never fill", "NET_EXPOSURE", {
  facts: withBook(
    [msft({ quantity: "160" }), msft({ conid: 2, quantity: "0", unitValue: null })],
    [working({ conid: 2, side: "SELL", remaining: "30", unitValue: "500" })],
  ),
  finds: { value: "82.3002", headroom: "-2.3002", says: "net long would be 82.3002 %" },
});
passes("a sale out of a book that is too long", {
  terms: { side: "SELL" },
  facts: withBook([holding(), msft({ quantity: "200" })]),
  finds: { value: "102.3", headroom: null, says: "net long is above the limit, and gets no larger" },
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), book: missing("none") } });
missingDenies("no summary", "EXPOSURE_UNKNOWN", { facts: { ...withBook([]), summary: missing("none") } });

const units = fc.integer({ min: -200, max: 200 });
property(
  "denied exactly when the account leaves the band, or goes further out",
  fc.tuple(units, fc.integer({ min: 1, max: 100 }), fc.boolean()),
  {
    make: ([other, quantity, isBuy]) => ({
      terms: { quantity: String(quantity), side: isBuy ? "BUY" : "SELL" },
      facts: withBook([msft({ quantity: String(other) })]),
    }),
    holds: ({ outcome }, [other, quantity, isBuy]) => {
      const [before, step] = [other * 50_000, quantity * (isBuy ? 23_002 : 23_000)];
      const isOut = isBuy ? before + step > 8_000_000 : before - step < -2_000_000;
      return (outcome === "deny") === isOut;
    },
  },
);

test("a band has ends of zero or more", () => {
  const isGood = (change: object) =>
    netExposure.limits?.safeParse({ longPercentMax: "80", shortPercentMax: "20", ...change }).success;
  expect([isGood({ longPercentMax: "0" }), isGood({ shortPercentMax: "0" })]).toEqual([true, true]);
  expect([isGood({ longPercentMax: "-1" }), isGood({ shortPercentMax: "-0.5" })]).toEqual([false, false]);
});
