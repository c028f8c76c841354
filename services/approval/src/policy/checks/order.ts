import { parseUtcText } from "@countersign/clock/clock";
import { type Check, fail, holds, missing, withPolicy } from "../check.ts";

/** What the order is. */

const MINUTE_MS = 60_000;
/** What terms may have, so that a field of tomorrow is not let through unseen. */
const PLAIN = ["account", "side", "quantity", "timeInForce", "goodTill", "conid", "orderType", "limitPrice"];

export const approvals: Check = {
  name: "approvals",
  look: ({ demand: { approvals: count, keys } }) => {
    if (count !== 1) return fail("it needs more than one person", { value: String(count), limit: "1" });
    return keys === "session" ? holds("one") : fail(`it needs a ${keys}`, { value: keys, limit: "session" });
  },
};

export const instrument = withPolicy("instrument", ({ policy: { instruments }, ticket }) => {
  const { conid } = ticket.terms;
  if (conid === undefined) return fail("a combination");
  const value = String(conid);
  if (instruments.denied.includes(conid)) return fail("it is denied", { value });
  return instruments.allowed.includes(conid) ? holds("it is allowed", { value }) : fail("it is not allowed", { value });
});

export const securityType = withPolicy("securityType", ({ policy: { instruments }, ticket, facts }) => {
  if (facts.secType.state === "missing") return missing(facts.secType.reason);
  const value = facts.secType.value;
  const limit = instruments.secTypes.join(", ");
  if (ticket.instrument.secType !== value)
    return fail(`the ticket says ${ticket.instrument.secType}`, { value, limit });
  return instruments.secTypes.includes(value)
    ? holds("it is allowed", { value, limit })
    : fail("it is not allowed", { value, limit });
});

export const orderType = withPolicy("orderType", ({ policy: { orders }, ticket }) => {
  const { terms } = ticket;
  const [value, limit] = [terms.orderType, orders.types.join(", ")];
  const other = Object.keys(terms).find((field) => !PLAIN.includes(field));
  if (other !== undefined) return fail(`not a plain order: it has ${other}`, { value, limit });
  if ("modifies" in ticket) return fail("it changes an order that is working", { value, limit });
  const allowed = orders.types.some((type) => type === value);
  return allowed ? holds("a plain order", { value, limit }) : fail("the type is not allowed", { value, limit });
});

export const timeInForce = withPolicy("timeInForce", ({ policy: { orders }, ticket, nowMs }) => {
  const { timeInForce: value, goodTill } = ticket.terms;
  const limit = orders.timesInForce.join(", ");
  if (!orders.timesInForce.some((one) => one === value)) return fail("it is not allowed", { value, limit });
  if (value !== "GTD")
    return goodTill === undefined ? holds("until the close", { value, limit }) : fail("it has an end");
  if (goodTill === undefined) return missing("it has no end");
  const leftMs = parseUtcText(goodTill) - nowMs;
  const longest = { value: goodTill, limit: `${orders.goodTillMinutesMax} min` };
  return leftMs <= orders.goodTillMinutesMax * MINUTE_MS
    ? holds("it ends soon", longest)
    : fail("it ends late", longest);
});
