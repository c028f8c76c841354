import { PositiveDecimalText } from "@countersign/contracts/primitives";
import {
  compare,
  type Decimal,
  decimal,
  divideRoundingUp,
  multiply,
  roundUp,
  toNumber,
} from "@countersign/money/decimal";
import * as z from "zod";
import { type PartExposure, turns } from "../facts/book/exposures.ts";
import type { OptionEnd } from "../facts/book/option.ts";
import type { Exposure } from "../facts/book/worst-case.ts";
import type { History } from "../facts/history/history.ts";
import type { Losses } from "../facts/history/option-past.ts";
import { moved, valueAtRisk as quantile } from "../facts/history/statistics.ts";
import { bookAndValue } from "./book-and-value.ts";
import { deny } from "./finding.ts";
import { defineRule } from "./rule.ts";
import { judgeShare, tightest } from "./share-of-value.ts";

const HUNDRED = decimal("100");
type Case = "held" | "long" | "short";
const CASES: readonly Case[] = ["held", "long", "short"];

/**
 * Historical: what the account, as it would be with the order, would have lost on each of the sessions that all its
 * instruments have in common. Three accounts are tried, and the worst counts: what is held with the order, everything that
 * buys filled, everything that sells filled. Returns are in the base currency: what a rate did counts too.
 *
 * An option loses by what its underlying did: |return of the underlying| x (strike + price) x multiplier on a session that
 * went against it, and nothing is gained on the others. That bounds it without a model or greeks, whatever its delta is:
 * slopes of a call are between 0 and 1 and S <= K + C, a put is convex in S and worth K at the most (R. C. Merton, Theory
 * of Rational Option Pricing, 1973). One that is held never loses more than its price, in which time and volatility are.
 */
export const valueAtRisk = defineRule({
  name: "valueAtRisk",
  source: "I2 maximum of value at risk; historical value at risk",
  description:
    "One-day loss that only (100 - confidence) % of the past sessions exceed, in per cent of the account's value",
  formula:
    "sessions' profits sorted, the one at floor(n x (100 - confidence) / 100) from the worst, x -100 / net liquidation <= percentMax; of an option the loss of a session is |adverse return of its underlying| x (strike + price) x multiplier, of a bought one at most its price, and there is no profit",
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
    const own = bookAndValue({ terms, facts });
    if ("refusal" in own) return own.refusal;
    const { book: found, value } = own;
    const sessions = history.value.dates.length;
    const moves = found.parts.flatMap((part): Move[] => {
      const past = history.value.parts.find(({ conid }) => conid === part.conid);
      if (past === undefined || past.returns.length < sessions) return [];
      const { returns, losses } = past;
      return part.filledAlone !== undefined && losses === undefined
        ? []
        : [{ part, returns, ...(losses && { losses }) }];
    });
    if (sessions < limits.sessionsMin || moves.length < found.parts.length)
      return deny("HISTORY_MISSING", null, `${sessions} common sessions; ${limits.sessionsMin} are needed`);
    const { confidencePercent } = limits;
    const known = CASES.map((one) => lossBefore(history.value, one, confidencePercent));
    const losses = CASES.map((one) => lossAfter(history.value, moves, one, confidencePercent));
    if (![...losses, ...known].every(Number.isSafeInteger))
      return deny("HISTORY_MISSING", null, "the profits are too large to be added exactly");
    const what = `one-day value at risk (${limits.confidencePercent} %, ${sessions} sessions)`;
    // Each account by itself: what is lost when all that sells is filled hides behind no loss of another one.
    const changes = losses.map((loss, at) => ({ before: amountOf(known[at] ?? 0), after: amountOf(loss) }));
    const isTurned = found.parts.some(turns);
    const findings = changes
      .toSorted((a, b) => compare(b.after, a.after))
      .map((each) => ({ what, change: { ...each, grows: isTurned }, percentMax: limits.percentMax, value }))
      .map((share) => judgeShare({ ...share, code: "VALUE_AT_RISK" }));
    return tightest(findings) ?? deny("HISTORY_MISSING", null, "there is no account to try");
  },
});

/** What the order changes in one instrument, and how that moved on each of the sessions. */
interface Move {
  readonly part: PartExposure;
  readonly returns: readonly number[];
  /** Of an option. */
  readonly losses?: Losses;
}

/** What does not depend on the order, once for each history. */
const before = new WeakMap<History, Map<string, number>>();

function lossBefore(history: History, one: Case, confidence: string): number {
  const known = before.get(history) ?? new Map<string, number>();
  before.set(history, known);
  const key = `${one} ${confidence}`;
  const loss = known.get(key) ?? quantile(history.profits[one], confidence) ?? 0;
  known.set(key, loss);
  return loss;
}

/** In hundredths; below zero where even that session would have brought a profit. */
function lossAfter(history: History, moves: readonly Move[], one: Case, confidence: string): number {
  let sums: Float64Array | undefined;
  for (const { part, returns, losses } of moves) {
    const ends = optionEnds(part, one);
    if (ends !== undefined && losses !== undefined) {
      sums ??= new Float64Array(history.profits[one]);
      const [will, was] = [lossesOf(ends.after, losses, "up"), lossesOf(ends.before, losses, "down")];
      for (const at of sums.keys()) sums[at] = (sums[at] ?? 0) - will(at) + was(at);
      continue;
    }
    // With what is held only the order itself is filled; at the ends it stands among everything else of its side.
    const by = one === "held" ? orderCents(part.own) : cents(part.after, one) - cents(part.before, one);
    // A purchase changes nothing at the end where all that sells is filled.
    if (by === 0) continue;
    sums ??= new Float64Array(history.profits[one]);
    for (let at = 0; at < returns.length; at += 1) sums[at] = (sums[at] ?? 0) + moved(by, returns[at] ?? 0);
  }
  return sums === undefined ? lossBefore(history, one, confidence) : (quantile(sums, confidence) ?? 0);
}

interface Ends {
  readonly before: OptionEnd;
  readonly after: OptionEnd;
}

/** Undefined: the instrument is no option. */
function optionEnds({ before, after, filledAlone }: PartExposure, one: Case): Ends | undefined {
  if (before.option === undefined || after.option === undefined || filledAlone === undefined) return undefined;
  return { before: before.option[one], after: one === "held" ? filledAlone : after.option[one] };
}

/** What the end loses on a session, in hundredths: rounded up for what will be, down for what is counted already. */
function lossesOf({ isShort, premium, notional }: OptionEnd, losses: Losses, rounding: "up" | "down") {
  const [most, all] = [wholeCents(premium), wholeCents(notional)];
  const lost = (ppm: number) => (rounding === "up" ? 0 - moved(0 - all, ppm) : moved(all, ppm));
  if (isShort) return (at: number) => lost(losses.short[at] ?? 0);
  return (at: number) => Math.min(lost(losses.long[at] ?? 0), most);
}

const wholeCents = (value: Decimal) => toNumber(roundUp(multiply(value, HUNDRED), 0));

/** Zero is the least: a profit is no risk. */
function amountOf(loss: number): Decimal {
  return divideRoundingUp(decimal(String(Math.max(0, loss))), HUNDRED, 2);
}

function cents(exposure: Exposure, one: "long" | "short"): number {
  return toNumber(roundUp(multiply(exposure[one], HUNDRED), 0));
}

function orderCents({ side, remaining, unitValue }: PartExposure["own"]): number {
  const value = toNumber(roundUp(multiply(multiply(decimal(remaining), decimal(unitValue)), HUNDRED), 0));
  return side === "BUY" ? value : 0 - value;
}
