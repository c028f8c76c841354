import { parseUtcText, tryParseUtcText } from "@countersign/clock/clock";
import * as z from "zod";
import type { Facts } from "../facts/fact.ts";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

const Seconds = z
  .int()
  .min(1)
  .max(7 * 86_400);
const Limits = z.strictObject({
  instrument: Seconds.describe("What the contract is"),
  summary: Seconds.describe("Values of the account, which TWS renews every few minutes"),
  whatIf: Seconds.describe("The broker's what-if"),
  history: Seconds.describe("Daily closes, which are asked for again every few hours"),
  others: Seconds.describe("Every other fact, whatever it is"),
});
type Limits = z.infer<typeof Limits>;

/** A clock that runs ahead of another by more than this makes every age meaningless. */
const AHEAD_MS_MAX = 1_000;

/** It walks over whatever facts there are, so that a fact that is added later is never too old without anybody looking. */
export const factAge = defineRule({
  name: "factAge",
  source: "controls 13, 21; G1",
  description: "No fact of the order is older than its limit, and none is from the future",
  formula: "0 <= now - asOf <= the limit of its kind, for every fact that is known; of a combination for every leg",
  inputs: ["accounts", "instrument", "quote", "session", "summary", "positions", "rate", "whatIf", "book", "working"],
  unit: "s",
  limits: Limits,
  stricter: { instrument: "lower", summary: "lower", whatIf: "lower", history: "lower", others: "lower" },
  codes: ["FACT_STALE"],
  limit: ({ others }) => String(others),
  judge: ({ facts, limits }) => {
    const nowMs = parseUtcText(facts.at);
    let worst = { name: "none", ageMs: 0, leftMs: Number.POSITIVE_INFINITY };
    for (const { name, asOf } of agesOf(facts)) {
      const ageMs = nowMs - (tryParseUtcText(asOf) ?? Number.NaN);
      if (!(ageMs >= -AHEAD_MS_MAX)) return deny("FACT_STALE", null, `${name} is not from now: ${asOf.slice(0, 40)}`);
      const leftMs = limitOf(name, limits) * 1_000 - ageMs;
      if (leftMs < worst.leftMs) worst = { name, ageMs, leftMs };
    }
    const { name, ageMs, leftMs } = worst;
    const value = String(ageMs / 1_000);
    const headroom = Number.isFinite(leftMs) ? String(leftMs / 1_000) : null;
    if (leftMs >= 0) return pass(value, `the oldest for its kind: ${name}`, headroom);
    return deny("FACT_STALE", value, `${name} is ${value} s old; at most ${limitOf(name, limits)} s`, headroom);
  },
});

function limitOf(name: string, limits: Limits): number {
  const own = name === "instrument" || name === "summary" || name === "whatIf" || name === "history";
  return own ? limits[name] : limits.others;
}

/** Name and time of every fact that is known. What is missing is the matter of the rules that need it. */
export function agesOf(facts: Facts): { readonly name: string; readonly asOf: string }[] {
  const found: { name: string; asOf: string }[] = [];
  const addOf = (part: object) => {
    for (const name of Object.keys(part)) {
      const value = (part as Readonly<Record<string, unknown>>)[name];
      if (isTimed(value)) found.push({ name, asOf: value.asOf });
    }
  };
  addOf(facts);
  facts.legs?.forEach(addOf);
  return found;
}

/** What is missing has no time, and what is no fact of the outside has none either. */
function isTimed(value: unknown): value is { readonly asOf: string } {
  return value instanceof Object && "asOf" in value;
}
