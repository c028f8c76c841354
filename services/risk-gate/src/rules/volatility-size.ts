import { PositiveDecimalText } from "@countersign/contracts/primitives";
import { type Decimal, decimal, divideRoundingUp, max, min, multiply } from "@countersign/money/decimal";
import * as z from "zod";
import { grows } from "../facts/book/exposures.ts";
import type { Exposure } from "../facts/book/worst-case.ts";
import { newestDeviationPpm } from "../facts/history/statistics.ts";
import { bookAndValue } from "./book-and-value.ts";
import { deny, type Finding } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { judgeShare, tightest } from "./share-of-value.ts";

const MILLION = decimal("1000000");
const NO_RETURNS: readonly number[] = [];

/** The wilder an instrument, the less of it. Realised volatility of its own newest sessions; what is worked in counts as held. */
export const volatilitySize = defineRule({
  name: "volatilitySize",
  source: "R9",
  description: "What the position moves by on an ordinary day, in per cent of the account's value",
  formula:
    "worst exposure x standard deviation of the daily returns of the newest `sessions` / net liquidation <= percentMax; of an option (strike + price) x multiplier x that of its underlying, of a bought one at most its price",
  inputs: ["history", "book", "working", "instrument", "quote", "rate", "summary"],
  unit: "% of value",
  mayBeOff: true,
  limits: z.strictObject({
    percentMax: PositiveDecimalText,
    sessions: z.int().min(2).max(500).describe("Fewer daily returns than that are not known: denied"),
  }),
  stricter: { percentMax: "lower", sessions: "none" },
  codes: ["HISTORY_MISSING", "EXPOSURE_UNKNOWN", "VOLATILITY_SIZE"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits }) => {
    const { history } = facts;
    if (history.state === "missing") return deny("HISTORY_MISSING", null, history.reason);
    const known = bookAndValue({ terms, facts });
    if ("refusal" in known) return known.refusal;
    const { book: found, value } = known;
    const findings = found.parts.map((part): Finding => {
      const { conid, name, before, after } = part;
      const past = history.value.parts.find((one) => one.conid === conid)?.own ?? NO_RETURNS;
      const ppm = newestDeviationPpm(past, limits.sessions);
      if (ppm === undefined) {
        const count = Math.min(past.length, limits.sessions);
        return deny("HISTORY_MISSING", null, `${name}: ${count} daily returns; ${limits.sessions} are needed`);
      }
      const moves = (exposure: Exposure) => movedBy(exposure, decimal(String(ppm)));
      const change = { before: moves(before), after: moves(after), grows: grows(part) };
      const what = `${name}, at ${(ppm / 10_000).toFixed(2)} % a day,`;
      return judgeShare({ what, change, percentMax: limits.percentMax, value, code: "VOLATILITY_SIZE" });
    });
    return tightest(findings) ?? deny("EXPOSURE_UNKNOWN", null, "the order names no instrument");
  },
});

/** An option moves by its underlying: on its notional, and one that is held by no more than its price. */
function movedBy({ worst, option }: Exposure, ppm: Decimal): Decimal {
  const of = (value: Decimal) => divideRoundingUp(multiply(value, ppm), MILLION, 8);
  if (option === undefined) return of(worst);
  const ends = [option.long, option.short].map(({ isShort, premium, notional }) =>
    isShort ? of(notional) : min(premium, of(notional)),
  );
  return ends.reduce(max);
}
