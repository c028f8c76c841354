import { PositiveDecimalText } from "@countersign/contracts/primitives";
import { decimal, divideRoundingUp, max, multiply, roundUp, subtract, toText, ZERO } from "@countersign/money/decimal";
import * as z from "zod";
import { type Exposures, exposuresOf } from "../facts/book/exposures.ts";
import type { Exposure } from "../facts/book/worst-case.ts";
import type { History } from "../facts/history/history.ts";
import { valueAtRisk as quantile } from "../facts/history/statistics.ts";
import { deny } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { accountValue, judgeShare } from "./share-of-value.ts";

const HUNDRED = decimal("100");
const MILLION = 1_000_000n;
type Case = "held" | "long" | "short";
const CASES: readonly Case[] = ["held", "long", "short"];

/**
 * Historical: what the account, as it would be with the order, would have lost on each of the sessions that all its
 * instruments have in common. Three accounts are tried, and the worst counts: what is held with the order, everything that
 * buys filled, everything that sells filled. Returns in each instrument's own currency; rates stand still.
 */
export const valueAtRisk = defineRule({
  name: "valueAtRisk",
  source: "historical value at risk",
  description:
    "One-day loss that only (100 - confidence) % of the past sessions exceed, in per cent of the account's value",
  formula:
    "sessions' profits sorted, the one at floor(n x (100 - confidence) / 100) from the worst, x -100 / net liquidation <= percentMax",
  inputs: ["history", "book", "working", "instrument", "quote", "rate", "summary"],
  unit: "% of value",
  mayBeOff: true,
  limits: z.strictObject({
    percentMax: PositiveDecimalText,
    confidencePercent: PositiveDecimalText.refine(
      (text) => Number(text) >= 50 && Number(text) < 100,
      "50 to below 100",
    ),
    sessionsMin: z.int().min(10).max(500).describe("Fewer common sessions than that: denied"),
  }),
  stricter: { percentMax: "lower", confidencePercent: "higher", sessionsMin: "higher" },
  codes: ["HISTORY_MISSING", "EXPOSURE_UNKNOWN", "VALUE_AT_RISK"],
  limit: ({ percentMax }) => percentMax,
  judge: ({ terms, facts, limits }) => {
    const { history } = facts;
    if (history.state === "missing") return deny("HISTORY_MISSING", null, history.reason);
    const found = exposuresOf(terms, facts);
    if ("missing" in found) return deny("EXPOSURE_UNKNOWN", null, found.missing);
    const value = accountValue(facts, found.baseCurrency);
    if ("missing" in value) return deny("EXPOSURE_UNKNOWN", null, value.missing);
    const sessions = history.value.dates.length;
    const isShort = history.value.parts.some(({ returns }) => returns.length < sessions);
    if (sessions < limits.sessionsMin || isShort)
      return deny("HISTORY_MISSING", null, `${sessions} common sessions; ${limits.sessionsMin} are needed`);
    const worst = (after: boolean) =>
      CASES.map((one) => lossOf(history.value, found, { one, after, confidence: limits.confidencePercent })).reduce(
        max,
      );
    const change = { before: worst(false), after: worst(true) };
    const what = `one-day value at risk (${limits.confidencePercent} %, ${sessions} sessions)`;
    return judgeShare({ what, change, percentMax: limits.percentMax, value, code: "VALUE_AT_RISK" });
  },
});

/** In base currency; zero where even that session would have brought a profit. */
function lossOf(
  { profits, parts }: History,
  { parts: changed }: Exposures,
  { one, after, confidence }: { one: Case; after: boolean; confidence: string },
) {
  const sums = profits[one].map(BigInt);
  for (const part of after ? changed : []) {
    const returns = parts.find(({ conid }) => conid === part.conid)?.returns ?? [];
    // With what is held only the order itself is filled; at the ends it stands among everything else of its side.
    const by = one === "held" ? orderCents(part.own) : cents(part.after, one) - cents(part.before, one);
    for (const [index, ppm] of returns.entries()) {
      const moved = by * BigInt(ppm);
      sums[index] = (sums[index] ?? 0n) + moved / MILLION - (moved % MILLION < 0n ? 1n : 0n);
    }
  }
  const loss = quantile(sums, confidence) ?? 0n;
  return loss <= 0n ? ZERO : divideRoundingUp(decimal(String(loss)), HUNDRED, 2);
}

function cents(exposure: Exposure, one: "long" | "short"): bigint {
  return BigInt(toText(roundUp(multiply(exposure[one], HUNDRED), 0)));
}

function orderCents({ side, remaining, unitValue }: Exposures["parts"][number]["own"]): bigint {
  const value = multiply(decimal(remaining), decimal(unitValue));
  return BigInt(toText(roundUp(multiply(side === "BUY" ? value : subtract(ZERO, value), HUNDRED), 0)));
}
