import { PositiveDecimalText } from "@countersign/contracts/primitives";
import { add, ZERO } from "@countersign/money/decimal";
import * as z from "zod";
import { type Change, type Exposures, grows } from "../facts/book/exposures.ts";
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
    const { history } = facts;
    if (history.state === "missing") return deny("HISTORY_MISSING", null, history.reason);
    const known = bookAndValue({ terms, facts });
    if ("refusal" in known) return known.refusal;
    const { book: found, value } = known;
    const { dates, correlated } = history.value;
    if (dates.length < limits.sessionsMin)
      return deny("HISTORY_MISSING", null, `${dates.length} common sessions; ${limits.sessionsMin} are needed`);
    const findings = found.parts.map((part) => {
      const { conid, name, before, after } = part;
      const near = correlated.filter((one) => one.with === conid && Math.abs(one.ppm) >= limits.thresholdPpm);
      const change = near
        .map((one) => worstOf(one.conid, found))
        .reduce(together, { before: before.worst, after: after.worst, grows: grows(part) });
      const what = `${name} and ${near.length} that move with it`;
      return judgeShare({ what, change, percentMax: limits.percentMax, value, code: "CORRELATED_EXPOSURE" });
    });
    return tightest(findings) ?? deny("EXPOSURE_UNKNOWN", null, "the order names no instrument");
  },
});

/** Of an instrument that moves along: another leg of the same order changes with it, everything else stays. */
function worstOf(conid: number, { parts, before }: Exposures): Change {
  const leg = parts.find((part) => part.conid === conid);
  if (leg !== undefined) return { before: leg.before.worst, after: leg.after.worst, grows: grows(leg) };
  const { worst } = before.get(conid) ?? { worst: ZERO };
  return { before: worst, after: worst };
}

function together(one: Change, other: Change): Change {
  const isMore = one.grows === true || other.grows === true;
  return { before: add(one.before, other.before), after: add(one.after, other.after), grows: isMore };
}
