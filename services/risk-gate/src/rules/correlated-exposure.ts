import { PositiveDecimalText } from "@countersign/contracts/primitives";
import { add, type Decimal, ZERO } from "@countersign/money/decimal";
import * as z from "zod";
import { totalsOf } from "../facts/book/totals.ts";
import { CORRELATION_FLOOR_PPM } from "../facts/history/history.ts";
import { bookAndValue } from "./book-and-value.ts";
import { deny } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { judgeShare, tightest } from "./share-of-value.ts";

/** What moves together is one bet. A short position in what moves along is counted too, and taken for no hedge: it may be closed before the other. */
export const correlatedExposure = defineRule({
  name: "correlatedExposure",
  source: "R10",
  description: "Exposure to the instrument and to all that moves with it, in per cent of the account's value",
  formula:
    "sum of the worst of each instrument with |correlation of daily returns| >= threshold, with the order's own <= percentMax",
  inputs: ["history", "book", "working", "instrument", "quote", "rate", "summary"],
  unit: "% of value",
  mayBeOff: true,
  limits: z.strictObject({
    percentMax: PositiveDecimalText,
    thresholdPpm: z.int().min(CORRELATION_FLOOR_PPM).max(1_000_000).describe("700000 is a correlation of 0.7"),
    sessionsMin: z.int().min(2).max(500).describe("Fewer common sessions than that: denied"),
  }),
  stricter: { percentMax: "lower", thresholdPpm: "lower", sessionsMin: "higher" },
  codes: ["HISTORY_MISSING", "EXPOSURE_UNKNOWN", "CORRELATED_EXPOSURE"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits }) => {
    const { history, book, working } = facts;
    if (history.state === "missing") return deny("HISTORY_MISSING", null, history.reason);
    const known = bookAndValue({ terms, facts });
    if ("refusal" in known) return known.refusal;
    const { book: found, value } = known;
    if (book.state === "missing" || working.state === "missing") return deny("EXPOSURE_UNKNOWN", null, "the book");
    const { dates, correlated } = history.value;
    if (dates.length < limits.sessionsMin)
      return deny("HISTORY_MISSING", null, `${dates.length} common sessions; ${limits.sessionsMin} are needed`);
    const { exposures } = totalsOf(book.value, working.value);
    const findings = found.parts.map(({ conid, name, before, after }) => {
      const near = correlated.filter((one) => one.with === conid && Math.abs(one.ppm) >= limits.thresholdPpm);
      const others = near
        .filter((one) => !found.parts.some((part) => part.conid === one.conid))
        .reduce<Decimal>((sum, one) => add(sum, exposures.get(one.conid)?.worst ?? ZERO), ZERO);
      const change = { before: add(others, before.worst), after: add(others, after.worst) };
      const what = `${name} and ${near.length} that move with it`;
      return judgeShare({ what, change, percentMax: limits.percentMax, value, code: "CORRELATED_EXPOSURE" });
    });
    return tightest(findings) ?? deny("EXPOSURE_UNKNOWN", null, "the order names no instrument");
  },
});
