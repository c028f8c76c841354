import { parseUtcText } from "@countersign/clock/clock";
import type { MarketSession } from "@countersign/contracts/market-session";
import * as z from "zod";
import type { Part } from "../facts/parts.ts";
import { eachPart } from "./each-part.ts";
import { deny, type Finding, pass } from "./finding.ts";
import { localTime, TimeOfDay } from "./local-time.ts";
import { defineRule, type RuleInput } from "./rule.ts";

const Limits = z.strictObject({
  extendedHours: z.boolean().describe("false: only while the contract's liquid hours are open"),
  minutesAfterOpen: z.int().min(0).max(600).describe("So long after the regular hours begin nothing is let through"),
  minutesBeforeClose: z.int().min(0).max(600).describe("And so long before they end"),
  window: z
    .strictObject({ from: TimeOfDay, to: TimeOfDay })
    .refine(({ from, to }) => from < to, "from must be before to")
    .nullable()
    .describe("Time of day in the contract's own zone, the end excluded; null: any"),
  weekend: z.boolean().describe("false: nothing on Saturdays and Sundays in the contract's own zone"),
});
type Limits = z.infer<typeof Limits>;

export const marketOpen = defineRule({
  name: "marketOpen",
  source: "control 20; R5, R12; I2 weekend",
  description: "The instrument's market is open, by the contract's own hours",
  formula:
    "the session of now, by the contract's own hours, is one that the policy permits, and is not over since they were asked for; in regular hours now - open >= minutesAfterOpen and close - now >= minutesBeforeClose; local time within the window; local day not on a weekend; for the opening auction the next regular opening is known and still to come, in the same window and on no weekend",
  inputs: ["session", "at"],
  unit: "session",
  limits: Limits,
  stricter: {
    ...{ extendedHours: "false", minutesAfterOpen: "higher", minutesBeforeClose: "higher" },
    ...{ window: "none", weekend: "false" },
  },
  codes: ["MARKET_HOURS_UNKNOWN", "MARKET_CLOSED", "MARKET_WINDOW", "TIME_IN_FORCE_NOT_ALLOWED"],
  limit: ({ extendedHours }) => (extendedHours ? "liquid, extended or overnight" : "liquid"),
  judge: (input) => eachPart(input, (part) => judgePart(part, input)),
});

function judgePart(part: Part, { terms, facts, limits }: RuleInput<Limits>): Finding {
  if (part.session.state === "missing") return deny("MARKET_HOURS_UNKNOWN", null, part.session.reason);
  const session = part.session.value;
  if (session.source !== "contract") return deny("MARKET_HOURS_UNKNOWN", null, "the contract has no hours of its own");
  if (session.state === "unknown") return deny("MARKET_HOURS_UNKNOWN", null, session.reason);
  if (session.coveredUntil === null || isOver(session.coveredUntil, facts.at))
    return deny("MARKET_HOURS_UNKNOWN", null, `the hours are known until ${session.coveredUntil ?? "an unknown time"}`);
  if (terms.timeInForce === "OPG") return openingAuction(session, facts.at, limits);
  // Of the hours that the policy waits for: who comes back when the others begin is denied again.
  const next = limits.extendedHours ? session.nextOpen : session.nextLiquidOpen;
  const opens = next === null ? "" : `; opens ${next}`;
  if (session.state === "closed") return deny("MARKET_CLOSED", session.session, `${session.reason}${opens}`);
  if (session.session !== "liquid" && !limits.extendedHours) {
    return deny(
      "MARKET_CLOSED",
      session.session,
      `only ${session.session} hours now, which the policy does not allow${opens}`,
    );
  }
  const close = limits.extendedHours ? session.nextClose : session.nextLiquidClose;
  if (isOver(close, facts.at)) return deny("MARKET_CLOSED", session.session, `it closed at ${close}`);
  return (
    localTimeDenial(session, facts.at, limits) ??
    edgeDenial(session, facts.at, limits) ??
    pass(session.session, session.reason)
  );
}

/** It is sent while the market is closed, and yet only on days and at times at which the policy lets anything through. */
function openingAuction(session: MarketSession, at: string, limits: Limits): Finding {
  if (session.session === "liquid" || isOver(session.nextLiquidOpen, at))
    return deny("TIME_IN_FORCE_NOT_ALLOWED", session.session, "the opening auction is over for today");
  if (session.nextLiquidOpen === null)
    return deny("MARKET_HOURS_UNKNOWN", null, "nobody says when the next opening auction is");
  return localTimeDenial(session, at, limits) ?? pass(session.session, "the opening auction is still to come");
}

/** What market-data said would come has come by now: its answer is older than the judgement. */
function isOver(text: string | null, at: string): boolean {
  return text !== null && parseUtcText(text) <= parseUtcText(at);
}

/** The first and the last minutes of the regular hours; in the middle of the others they do not count. */
function edgeDenial(session: MarketSession, at: string, limits: Limits): Finding | undefined {
  if (session.session !== "liquid") return undefined;
  const { liquidSince, nextLiquidClose } = session;
  const { minutesAfterOpen, minutesBeforeClose } = limits;
  if (minutesAfterOpen > 0) {
    if (liquidSince === undefined) return deny("MARKET_HOURS_UNKNOWN", null, "nobody says when the market opened");
    const minutes = minutesBetween(liquidSince, at);
    if (minutes < minutesAfterOpen)
      return deny(
        "MARKET_WINDOW",
        session.session,
        `open since ${minutes} min; nothing in the first ${minutesAfterOpen}`,
      );
  }
  if (minutesBeforeClose === 0) return undefined;
  if (nextLiquidClose === null) return deny("MARKET_HOURS_UNKNOWN", null, "nobody says when the market closes");
  const minutes = minutesBetween(at, nextLiquidClose);
  if (minutes >= minutesBeforeClose) return undefined;
  return deny("MARKET_WINDOW", session.session, `closes in ${minutes} min; nothing in the last ${minutesBeforeClose}`);
}

/** To a thousandth, so that a message never shows the limit for what is short of it. */
function minutesBetween(from: string, to: string): number {
  return Math.floor((parseUtcText(to) - parseUtcText(from)) / 60) / 1_000;
}

function localTimeDenial(session: MarketSession, at: string, { window, weekend }: Limits): Finding | undefined {
  if (window === null && weekend) return undefined;
  const local = localTime(session.timeZoneId, parseUtcText(at));
  if (local === undefined)
    return deny("MARKET_HOURS_UNKNOWN", null, `no time zone: ${session.timeZoneId.slice(0, 40)}`);
  const { day, time } = local;
  if (!weekend && (day === "Sat" || day === "Sun")) return deny("MARKET_WINDOW", day, "nothing at the weekend");
  if (window === null || (time >= window.from && time < window.to)) return undefined;
  return deny("MARKET_WINDOW", time, `${time} there; allowed from ${window.from} to ${window.to}`);
}
