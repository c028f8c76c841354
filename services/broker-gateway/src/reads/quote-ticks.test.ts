import { createSystemClock } from "@countersign/clock/clock";
import type { Instrument } from "@countersign/contracts/instrument";
import { expect, test } from "vitest";
import { quoteOf, type Ticks, takeTick } from "./quote-ticks.ts";

const clock = createSystemClock();
const STOCK = { conid: 265598, currency: "USD" } as Instrument;
const line = (): Ticks => ({
  ...{
    values: new Map(),
    types: new Map(),
    dataType: undefined,
    halted: false,
    atMs: clock.monotonicMs(),
    settled: false,
  },
});

/** Types as numbers of TWS, ticks as id and value. */
function typeOf(said: readonly (number | readonly [number, string])[]): string {
  const ticks = line();
  for (const one of said) {
    if (typeof one === "number") takeTick(ticks, { kind: "dataType", reqId: 1, dataType: one }, 0);
    else takeTick(ticks, { kind: "tick", reqId: 1, field: one[0], value: one[1] }, 0);
  }
  return quoteOf(STOCK, ticks, clock).dataType;
}

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
  expect(typeOf(said as readonly (number | readonly [number, string])[])).toBe(wanted);
});
