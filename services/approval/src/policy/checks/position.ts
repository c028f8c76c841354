import { parseUtcText } from "@countersign/clock/clock";
import { compare, decimal, multiply, roundUp, toText } from "@countersign/money/decimal";
import { fail, holds, missing, type WithPolicy, withPolicy } from "../check.ts";
import { dayNumber, exchangeTime } from "../exchange-time.ts";
import { periodFrom } from "../periods.ts";
import { notionalOf, positionAfter } from "./limits.ts";

/** What becomes of the position, and on whose account that is. */

const HUNDRED = decimal("100");

export const position = withPolicy("position", (input) => {
  const { policy, facts, ticket } = input;
  const found = positionAfter(input);
  if ("missing" in found) return missing(found.missing);
  const { after, reduces, unitValue } = found;
  const units = `${toText(found.before)} to ${toText(after)}`;
  if (reduces) return holds("it only becomes smaller", { value: units });
  if (ticket.terms.side === "SELL") return fail("it would be, or become more, short", { value: units });
  const notional = notionalOf(input);
  if ("missing" in notional) return missing(notional.missing);
  if (facts.netLiquidation.state === "missing") return missing(facts.netLiquidation.reason);
  const value = roundUp(multiply(after, unitValue), 2);
  const { positionValueMax, positionPercentMax } = policy.limits;
  const numbers = { value: toText(value), limit: `${positionValueMax}, ${positionPercentMax} %` };
  if (compare(value, decimal(positionValueMax)) > 0) return fail("the position would be too large", numbers);
  const part = multiply(decimal(facts.netLiquidation.value), decimal(positionPercentMax));
  return compare(multiply(value, HUNDRED), part) > 0
    ? fail("the position would be too large a part of the account", numbers)
    : holds(`${units}, small enough`, numbers);
});

/** A plan of this instrument and side is the only way to open with it; making a position smaller has its own lane. */
export const lane = withPolicy("lane", (input) => {
  const { lanes } = input.policy;
  const found = positionAfter(input);
  if (!("missing" in found) && found.reduces && lanes.reducing) return holds("it only reduces");
  const { conid, side } = input.ticket.terms;
  const plan = lanes.schedules.find((one) => one.conid === conid && one.side === side);
  if (plan !== undefined) return byPlan(input, plan);
  if ("missing" in found) return missing(found.missing);
  if (found.reduces) return fail("orders that reduce are not approved");
  return lanes.opening ? holds("it opens or increases") : fail("orders that open or increase are not approved");
});

type Plan = WithPolicy["policy"]["lanes"]["schedules"][number];

function byPlan(input: WithPolicy, plan: Plan) {
  const notional = notionalOf(input);
  if ("missing" in notional) return missing(notional.missing);
  const limit = plan.notionalMax;
  const value = toText(notional);
  if (compare(notional, decimal(limit)) > 0) return fail(`${plan.id}: more than the plan has`, { value, limit });
  const from = currentPeriod(input, plan);
  if ("missing" in from) return missing(`${plan.id}: ${from.missing}`);
  if (from.date === undefined) return fail(`${plan.id}: it begins on ${plan.startsOn}`);
  const last = lastByPlan(input, from.zone);
  const taken = last !== undefined && dayNumber(last) >= dayNumber(from.date);
  const period = { value: `last ${last ?? "never"}`, limit: `once from ${from.date}` };
  return taken ? fail(`${plan.id}: this period has its order`, period) : holds(`${plan.id}: due`, period);
}

/** In which period of the plan now lies; undefined before its first. */
export function currentPeriod({ facts, nowMs }: Pick<WithPolicy, "facts" | "nowMs">, plan: Plan) {
  if (facts.hours.state === "missing") return { missing: facts.hours.reason };
  const { zone } = facts.hours.value;
  const today = exchangeTime(zone, nowMs);
  return today === undefined
    ? { missing: `nobody knows the zone ${zone}` }
    : { zone, date: periodFrom(plan, today.date) };
}

/** Date of the newest order that any plan made of this account, instrument and side; undefined: none ever. */
function lastByPlan({ ledger, ticket }: WithPolicy, zone: string): string | undefined {
  const { account, conid, side } = ticket.terms;
  const dates = ledger.uses
    .filter((use) => use.schedule !== null && use.mode === ledger.mode)
    .filter((use) => use.account === account && use.conid === conid && use.side === side)
    .map((use) => exchangeTime(zone, parseUtcText(use.at))?.date ?? "9999-12-31");
  return dates.sort().at(-1);
}
