import { createSystemClock } from "@countersign/clock/clock";
import { type Instrument, Quote } from "@countersign/contracts/instrument";
import { expect, test } from "vitest";
import { emptyTicks, quoteOf, takeTick } from "./quote-ticks.ts";

const clock = createSystemClock();
const STOCK = { conid: 265598, symbol: "AAPL", secType: "STK", currency: "USD" } as Instrument;
const PAIR = { conid: 12087792, symbol: "EUR", secType: "CASH", currency: "USD" } as Instrument;
const NOTICE = { kind: "error", id: 1, text: "" } as const;
type Said = readonly (number | readonly [number, string | null])[];

/** What the line says after types as numbers of TWS, ticks as id and value, and the codes of notices. */
function quoteAfter(said: Said, instrument = STOCK, notices: readonly number[] = []) {
  const ticks = emptyTicks(clock.monotonicMs());
  for (const code of notices) takeTick(ticks, { ...NOTICE, code }, 0);
  for (const one of said) {
    if (typeof one === "number") takeTick(ticks, { kind: "dataType", reqId: 1, dataType: one }, 0);
    else takeTick(ticks, { kind: "tick", reqId: 1, field: one[0], value: one[1] }, 0);
  }
  return Quote.parse(quoteOf(instrument, ticks, clock));
}
const typeOf = (said: Said) => quoteAfter(said).dataType;

test.each([
  ["all live", [1, [1, "10"], [2, "11"], [4, "10.5"]], "live"],
  ["frozen", [2, [1, "10"], [2, "11"]], "frozen"],
  ["delayed ids", [3, [66, "10"], [67, "11"]], "delayed"],
  ["delayed ids while TWS says live", [1, [1, "10"], [67, "11"]], "delayed"],
  ["one price from before it became live", [3, [66, "10"], 1, [2, "11"]], "delayed"],
  ["one price from before it froze", [1, [1, "10"], 2, [2, "11"]], "frozen"],
  ["a price that was taken back does not count", [3, [66, "10"], 1, [1, "-1"], [2, "11"]], "live"],
  [
    "no word about the type",
    [
      [1, "10"],
      [2, "11"],
    ],
    "delayedFrozen",
  ],
  ["no price", [1], "live"],
] as const)("%s -> %s", (_, said, wanted) => {
  expect(typeOf(said)).toBe(wanted);
});

test.each([
  ["both sides", [1, [1, "10"], [2, "11"], [4, "10.5"]], []],
  ["locked", [1, [1, "10"], [2, "10"]], ["locked"]],
  ["crossed", [1, [1, "11"], [2, "10"]], ["crossed"]],
  ["one side", [1, [1, "10"], [2, "-1"]], ["oneSided"]],
  ["no price", [1, [1, "-1"], [2, "-1"]], ["noPrice"]],
  ["zero", [1, [1, "0"], [2, "0.05"]], ["zero"]],
  ["negative, which futures and spreads may be", [1, [1, "-37.65"], [2, "-37.6"]], ["negative"]],
  ["halted", [1, [1, "10"], [2, "11"], [49, "1"]], ["halted"]],
  ["halted, said by the delayed id", [3, [66, "10"], [67, "11"], [90, "2"]], ["halted"]],
  ["in an auction", [1, [1, "-1"], [2, "-1"], [4, "10"], [35, "10.1"]], ["auctionOnly"]],
  ["an auction without a price is none", [1, [1, "-1"], [2, "-1"], [4, "10"], [35, "0"]], []],
] as const)("a market is told from another: %s", (_, said, flags) => {
  expect(quoteAfter(said).flags).toEqual(flags);
});

test("each absence has its reason", () => {
  const { bid, ask, last, close } = quoteAfter([1, [1, "-1"], [2, null]]);
  expect([bid, ask, last, close]).toEqual(
    ["none", "unreadable", "notSent", "notSent"].map((reason) => ({ state: "absent", reason })),
  );
  expect(quoteAfter([1, [1, "1.1"], [2, "1.2"]], PAIR).last).toEqual({ state: "absent", reason: "notQuoted" });
  const partly = quoteAfter([1, [1, "10"]], STOCK, [10090]);
  expect(partly.ask).toEqual({ state: "absent", reason: "notSubscribed" });
  expect(partly.flags).toContain("notSubscribed");
});

test("a value from before a change of the type keeps its own age and says so", () => {
  const { bid, ask } = quoteAfter([3, [66, "10"], 1, [2, "11"]]);
  expect([bid, ask]).toMatchObject([
    { dataType: "delayed", flags: ["beforeTypeChange"] },
    { dataType: "live", flags: [] },
  ]);
});

test("a price is in the currency, a size in shares or in the base currency of a pair", () => {
  const units = (instrument: Instrument) => {
    const { bid, bidSize } = quoteAfter([1, [1, "10"], [0, "100"]], instrument);
    return [bid, bidSize].map((value) => value.state === "known" && value.unit);
  };
  expect(units(STOCK)).toEqual(["USD", "shares"]);
  expect(units(PAIR)).toEqual(["USD", "EUR"]);
});
