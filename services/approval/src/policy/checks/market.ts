import { parseUtcText } from "@countersign/clock/clock";
import { add, compare, decimal, multiply, subtract, toText, ZERO } from "@countersign/money/decimal";
import { fail, holds, missing, type WithPolicy, withPolicy } from "../check.ts";
import { exchangeTime } from "../exchange-time.ts";

/** What the market is. */

const MINUTE_MS = 60_000;
/** How far a time may lie ahead before a clock is wrong. */
const AHEAD_MS_MAX = 1_000;
const TWO_HUNDRED = decimal("200");

/** The contract's own sessions tell half days and changes of the clock; the windows are on the exchange's wall. */
export const hours = withPolicy("hours", ({ policy, facts, nowMs }) => {
  if (facts.hours.state === "missing") return missing(facts.hours.reason);
  const { zone, sessions } = facts.hours.value;
  const wall = exchangeTime(zone, nowMs);
  if (wall === undefined) return missing(`nobody knows the zone ${zone}`);
  const value = `${wall.weekday} ${wall.time} ${zone}`;
  const { afterOpenMinutes, beforeCloseMinutes, windows } = policy.hours;
  const limit = `${afterOpenMinutes} min after the open, ${beforeCloseMinutes} min before the close`;
  const inside = sessions.some(({ open, close }) => {
    const [fromMs, untilMs] = [parseUtcText(open), parseUtcText(close)];
    return nowMs >= fromMs + afterOpenMinutes * MINUTE_MS && nowMs < untilMs - beforeCloseMinutes * MINUTE_MS;
  });
  if (!inside) return fail("not in regular hours, or too near to their ends", { value, limit });
  const { weekday, time } = wall;
  const fits = windows?.some(({ days, from, to }) => days.includes(weekday) && from <= time && time < to) ?? true;
  return fits ? holds("in regular hours", { value, limit }) : fail("outside of every window", { value, limit });
});

/** By now: what the gate measured, and the time since. Undefined: one of the clocks is wrong. */
function quoteAgeMs({ facts, nowMs }: WithPolicy, ageMs: number): number | undefined {
  const sinceMs = nowMs - parseUtcText(facts.at);
  if (sinceMs < -AHEAD_MS_MAX || ageMs < -AHEAD_MS_MAX) return undefined;
  return Math.max(0, ageMs) + Math.max(0, sinceMs);
}

export const quote = withPolicy("quote", (input) => {
  const { policy, facts } = input;
  if (facts.quote.state === "missing") return missing(facts.quote.reason);
  const { bid, ask, dataType, ageMs, flags } = facts.quote.value;
  const limit = `${policy.market.quoteAgeMsMax} ms`;
  if (dataType !== "live") return fail(`it is ${dataType}`, { value: dataType, limit: "live" });
  if (flags.length > 0) return fail(`it is marked ${flags.join(", ")}`);
  if (compare(decimal(bid), ZERO) <= 0 || compare(decimal(bid), decimal(ask)) >= 0)
    return fail(`bid ${bid}, ask ${ask}`);
  const age = quoteAgeMs(input, ageMs);
  if (age === undefined) return missing("its time lies in the future");
  const numbers = { value: `${age} ms`, limit };
  return age <= policy.market.quoteAgeMsMax ? holds("live and young", numbers) : fail("it is too old", numbers);
});

/** (ask - bid) / middle in percent, without a division: 200 (ask - bid) <= limit (ask + bid). */
export const spread = withPolicy("spread", ({ policy, facts }) => {
  if (facts.quote.state === "missing") return missing(facts.quote.reason);
  const [bid, ask] = [decimal(facts.quote.value.bid), decimal(facts.quote.value.ask)];
  if (compare(bid, ZERO) <= 0 || compare(ask, bid) < 0) return missing("the quote has no spread");
  const limit = policy.market.spreadPercentMax;
  const wide = compare(multiply(TWO_HUNDRED, subtract(ask, bid)), multiply(decimal(limit), add(ask, bid))) > 0;
  const numbers = { value: toText(subtract(ask, bid)), limit: `${limit} %` };
  return wide ? fail("it is too wide", numbers) : holds("it is small", numbers);
});
