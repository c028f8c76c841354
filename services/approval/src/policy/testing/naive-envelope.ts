/**
 * One order and everything around it as plain numbers: money in cents, time in minutes on the wall of New York in
 * November, counted from Monday 2026-11-23 at midnight. undefined: the fact is not there.
 */
export interface Drawn {
  readonly turned: "on" | "shadow" | "off";
  readonly samePolicy: boolean;
  readonly policyMode: "simulator" | "paper";
  readonly killHere: Level;
  readonly policiesStopped: boolean;
  readonly killAtGate: Level | undefined;
  readonly verdict: "pass" | "deny" | "confirm";
  readonly sameLimits: boolean;
  readonly account: string;
  readonly agent: string;
  readonly conid: number;
  readonly side: "BUY" | "SELL";
  readonly quantity: number;
  readonly secType: string | undefined;
  readonly secTypeOfTicket: string;
  readonly orderType: "LMT" | "MKT" | "STP";
  readonly extra: "none" | "exits" | "outsideRth" | "modifies";
  readonly timeInForce: "DAY" | "GTD" | "GTC";
  readonly endsInMinutes: number | undefined;
  readonly minute: number;
  readonly hoursKnown: boolean;
  readonly bid: number | undefined;
  readonly ask: number;
  readonly live: boolean;
  readonly flagged: boolean;
  readonly quoteAgeMs: number;
  readonly sinceFactsMs: number;
  readonly notional: number | undefined;
  readonly baseIsUsd: boolean;
  readonly netLiquidation: number | undefined;
  readonly before: number | undefined;
  readonly working: number;
  readonly approvedUnsent: number;
  readonly unitValue: number;
  readonly people: 1 | 2;
  readonly keys: "session" | "passkey";
  readonly uses: readonly Use[];
  readonly opening: boolean;
  readonly reducing: boolean;
  readonly plan: Plan | undefined;
  readonly limits: Limits;
}
export type Level = "ACTIVE" | "REDUCE_ONLY" | "HALTED";
export interface Use {
  readonly account: string;
  readonly agent: string;
  readonly conid: number;
  readonly side: "BUY" | "SELL";
  readonly mode: "on" | "shadow";
  readonly notional: number;
  readonly minutesAgo: number;
  readonly byPlan: boolean;
}
export interface Plan {
  readonly notionalMax: number;
  readonly days: number;
  /** Days from that Monday; below zero: before it. */
  readonly startsOnDay: number;
}
export interface Limits {
  readonly order: number;
  readonly agentDay: number;
  readonly accountDay: number;
  readonly positionValue: number;
  readonly positionPercent: number;
}

export const ACCOUNTS = ["DU1234567", "DU7654321"];
export const AGENTS = ["agent", "other"];
export const ALLOWED = [756733, 265598];
export const DENIED = [265598];
export const THROTTLE = { max: 3, windowMinutes: 10 };
export const QUOTE_AGE_MS = 2_000;

/** Whether all of it lies inside of what people signed. Written from the page about auto-approval, not from the code. */
export function isInside(order: Drawn): boolean {
  const standing =
    order.turned !== "off" &&
    order.samePolicy &&
    order.policyMode === "simulator" &&
    order.killHere === "ACTIVE" &&
    !order.policiesStopped &&
    order.killAtGate === "ACTIVE" &&
    order.verdict === "pass" &&
    order.sameLimits &&
    order.people === 1 &&
    order.keys === "session";
  return standing && isPlain(order) && inHours(order) && inMarket(order) && inLimits(order) && inLane(order);
}

function isPlain(order: Drawn): boolean {
  const soon = order.endsInMinutes !== undefined && order.endsInMinutes <= 15;
  return (
    ACCOUNTS.includes(order.account) &&
    AGENTS.includes(order.agent) &&
    ALLOWED.includes(order.conid) &&
    !DENIED.includes(order.conid) &&
    order.secType === "STK" &&
    order.secTypeOfTicket === "STK" &&
    order.orderType === "LMT" &&
    order.extra === "none" &&
    (order.timeInForce === "GTD" ? soon : order.timeInForce === "DAY" && order.endsInMinutes === undefined)
  );
}

/** From ten minutes after 9:30 until ten before 16:00, and from 9:45 until 15:30 on Mondays. */
function inHours({ minute, hoursKnown }: Drawn): boolean {
  const isMonday = minute < 24 * 60;
  const ofDay = minute % (24 * 60);
  return hoursKnown && isMonday && ofDay >= 9 * 60 + 45 && ofDay < 15 * 60 + 30;
}

function inMarket({ bid, ask, live, flagged, quoteAgeMs, sinceFactsMs }: Drawn): boolean {
  if (bid === undefined || bid <= 0 || ask <= bid || !live || flagged) return false;
  if (quoteAgeMs + sinceFactsMs > QUOTE_AGE_MS) return false;
  return (ask - bid) / ((ask + bid) / 2) <= 0.005 + 1e-12;
}

function inLimits(order: Drawn): boolean {
  const { notional, limits, baseIsUsd, uses, account, agent, turned } = order;
  if (notional === undefined || notional <= 0 || !baseIsUsd || notional > limits.order) return false;
  let ofAgent = notional;
  let ofAccount = notional;
  let repeats = 0;
  for (const use of uses) {
    if (use.mode !== turned) continue;
    if (use.minutesAgo < 24 * 60 && use.agent === agent) ofAgent += use.notional;
    if (use.minutesAgo < 24 * 60 && use.account === account) ofAccount += use.notional;
    const same = use.agent === agent && use.conid === order.conid && use.side === order.side;
    if (same && use.minutesAgo < THROTTLE.windowMinutes) repeats += 1;
  }
  if (ofAgent > limits.agentDay || ofAccount > limits.accountDay || repeats >= THROTTLE.max) return false;
  return reduces(order) || positionFits(order);
}

function afterOf({ before = 0, working, approvedUnsent, quantity, side }: Drawn): number {
  const units = working + approvedUnsent + quantity;
  return side === "BUY" ? before + units : before - units;
}

function reduces(order: Drawn): boolean {
  const { before, side } = order;
  if (before === undefined) return false;
  const after = afterOf(order);
  return side === "SELL" ? before > 0 && after >= 0 : before < 0 && after <= 0;
}

/** Never short, and what is held at most so much, by itself and as a part of the account. */
function positionFits(order: Drawn): boolean {
  const { before, side, netLiquidation, unitValue, limits } = order;
  if (before === undefined || side === "SELL" || netLiquidation === undefined) return false;
  const value = afterOf(order) * unitValue;
  return value <= limits.positionValue && value * 100 <= netLiquidation * limits.positionPercent;
}

function inLane(order: Drawn): boolean {
  const { plan, opening, reducing, minute, uses, account, conid, side, turned } = order;
  if (reduces(order) && reducing) return true;
  if (plan === undefined) return !reduces(order) && opening && order.before !== undefined;
  if ((order.notional ?? Number.POSITIVE_INFINITY) > plan.notionalMax) return false;
  const today = Math.floor(minute / (24 * 60));
  if (today < plan.startsOnDay) return false;
  const from = plan.startsOnDay + Math.floor((today - plan.startsOnDay) / plan.days) * plan.days;
  return uses
    .filter((use) => use.byPlan && use.mode === turned)
    .filter((use) => use.account === account && use.conid === conid && use.side === side)
    .every((use) => Math.floor((minute - use.minutesAgo) / (24 * 60)) < from);
}
