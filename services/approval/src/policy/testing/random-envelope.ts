import type { AutoApprovalPolicy } from "@countersign/contracts/auto-approval";
import type { UsedEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { EnvelopeFacts } from "@countersign/contracts/messages/auto-approval.v1";
import type { Ticket } from "@countersign/contracts/order";
import { assess } from "../assess.ts";
import type { AssessInput } from "../check.ts";
import { FACTS, POLICY, ticketWith } from "./envelope-input.ts";
import { ACCOUNTS, AGENTS, ALLOWED, type Drawn, isInside, type Level, THROTTLE, type Use } from "./naive-envelope.ts";

/** A generator of its own: the same seed gives the same orders. */
class Draw {
  #state: number;
  constructor(seed: number) {
    this.#state = seed >>> 0;
  }
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** Both ends are in it. */
  between(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1));
  }
  of<T>(items: readonly T[]): T {
    return items[Math.floor(this.next() * items.length)] as T;
  }
  /** Mostly the first: an order is inside of everything often enough to be of use. */
  mostly<T>(usual: T, ...others: readonly T[]): T {
    return this.next() < 0.975 ? usual : this.of(others);
  }
  /** At a limit, one step on either side of it, or anywhere. */
  near(limit: number, from: number, to: number): number {
    return this.next() < 0.3 ? limit + this.between(-1, 1) : this.between(from, to);
  }
}

const OTHER_LEVELS: readonly Level[] = ["REDUCE_ONLY", "HALTED"];
const MINUTE_MS = 60_000;
/** Midnight of Monday, 2026-11-23, in New York. */
const MONDAY_MS = Date.parse("2026-11-23T05:00:00.000Z");

function draw(random: Draw): Drawn {
  const timeInForce = random.mostly<Drawn["timeInForce"]>(random.of(["DAY", "GTD"]), "GTC");
  const bid = random.between(1_000, 50_000);
  const plan = random.next() < 0.3;
  const limits = {
    ...{ order: random.of([50_000, 100_000]), agentDay: random.of([150_000, 250_000]) },
    ...{ accountDay: random.of([150_000, 400_000]), positionValue: random.of([200_000, 300_000]) },
    positionPercent: random.of([1, 5]),
  };
  const withEnd =
    timeInForce === "GTD" ? random.mostly<number | undefined>(random.near(15, 1, 18), undefined) : undefined;
  return {
    turned: random.mostly<Drawn["turned"]>("on", "shadow", "off"),
    samePolicy: random.mostly(true, false),
    policyMode: random.mostly<Drawn["policyMode"]>("simulator", "paper"),
    killHere: random.mostly<Level>("ACTIVE", ...OTHER_LEVELS),
    policiesStopped: random.mostly(false, true),
    killAtGate: random.mostly<Level | undefined>("ACTIVE", ...OTHER_LEVELS, undefined),
    verdict: random.mostly<Drawn["verdict"]>("pass", "deny", "confirm"),
    sameLimits: random.mostly(true, false),
    account: random.mostly(random.of(ACCOUNTS), "DU0000001"),
    agent: random.mostly(random.of(AGENTS), "stranger"),
    conid: random.mostly(756733, 265598, 1),
    side: random.of(["BUY", "SELL"]),
    quantity: random.between(1, 12),
    secType: random.mostly<string | undefined>("STK", "OPT", undefined),
    secTypeOfTicket: random.mostly("STK", "OPT"),
    orderType: random.mostly<Drawn["orderType"]>("LMT", "MKT", "STP"),
    extra: random.mostly<Drawn["extra"]>("none", "exits", "outsideRth", "modifies"),
    timeInForce,
    endsInMinutes: timeInForce === "DAY" ? random.mostly<number | undefined>(undefined, 5) : withEnd,
    minute: random.mostly(random.near(random.of([585, 930]), 586, 929), random.between(0, 2 * 24 * 60 - 1)),
    hoursKnown: random.mostly(true, false),
    bid: random.mostly<number | undefined>(bid, undefined, 0),
    ask: random.mostly(bid + random.near(Math.floor(bid * 0.005), 1, Math.ceil(bid * 0.005)), bid, bid - 1),
    live: random.mostly(true, false),
    flagged: random.mostly(false, true),
    quoteAgeMs: random.near(1_900, 0, 1_900),
    sinceFactsMs: random.near(100, 0, 110),
    notional: random.mostly<number | undefined>(random.near(limits.order, 1_000, 100_000), undefined, 0),
    baseIsUsd: random.mostly(true, false),
    netLiquidation: random.mostly<number | undefined>(random.of([10_000_000, 4_000_000]), undefined),
    before: random.mostly<number | undefined>(random.between(-12, 25), undefined),
    working: random.mostly(0, random.between(0, 10)),
    approvedUnsent: random.mostly(0, random.between(0, 5)),
    unitValue: random.of([1_000, 10_000, 20_000]),
    people: random.mostly<1 | 2>(1, 2),
    keys: random.mostly<Drawn["keys"]>("session", "passkey"),
    uses: usesIn(random),
    opening: random.of([true, false, true]),
    reducing: random.of([true, false, true]),
    plan: plan
      ? { notionalMax: random.of([30_000, 80_000]), days: random.of([1, 7, 30]), startsOnDay: random.between(-40, 1) }
      : undefined,
    limits,
  };
}

/** What was approved before; now and then much the same, several times in a row. */
function usesIn(random: Draw): Use[] {
  const uses = Array.from({ length: random.between(0, 4) }, () => useIn(random));
  const one = uses[0];
  if (one === undefined || random.next() > 0.3) return uses;
  const again = { ...one, conid: 756733, notional: 1_000, byPlan: false };
  return Array.from({ length: random.between(2, 4) }, () => ({ ...again, minutesAgo: random.between(0, 11) + 0.5 }));
}

function useIn(random: Draw): Use {
  return {
    account: random.of(ACCOUNTS),
    agent: random.of(AGENTS),
    conid: random.of(ALLOWED),
    side: random.of(["BUY", "SELL"]),
    mode: random.mostly<Use["mode"]>("on", "shadow"),
    notional: random.between(1_000, 90_000),
    // Not just on an edge: whether an edge counts is said where it is written, and tested there.
    minutesAgo: random.of([random.between(0, 9), random.between(11, 1_400), random.between(1_450, 60_000)]) + 0.5,
    byPlan: random.next() < 0.3,
  };
}

const HASH = "a".repeat(64);
const OTHER_HASH = "b".repeat(64);
const money = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
const utc = (ms: number) => new Date(ms).toISOString();
const dayText = (day: number) => utc(Date.parse("2026-11-23T00:00:00.000Z") + day * 24 * 60 * MINUTE_MS).slice(0, 10);
const fact = <T, V>(value: T | undefined, of: (value: T) => V) =>
  value === undefined
    ? { state: "missing" as const, reason: "taken away" }
    : { state: "known" as const, value: of(value) };
const TICKET = ticketWith();

function inputOf(drawn: Drawn): AssessInput {
  const nowMs = MONDAY_MS + drawn.minute * MINUTE_MS;
  const hash = drawn.samePolicy ? HASH : OTHER_HASH;
  const on = drawn.turned !== "off";
  return {
    ticket: ticketOf(drawn, nowMs),
    mode: "simulator",
    document: { state: "valid", ref: { id: POLICY.id, hash: HASH }, policy: policyOf(drawn), signers: [] },
    ledger: {
      ...{ mode: drawn.turned, since: undefined, turnedOn: on ? { id: POLICY.id, hash } : undefined },
      uses: drawn.uses.map((use) => entryOf(use, nowMs)),
    },
    kill: { level: drawn.killHere, reason: "drawn" },
    autoOff: drawn.policiesStopped ? "drawn" : undefined,
    facts: factsOf(drawn, nowMs),
    approvedUnsent: String(drawn.approvedUnsent),
    demand: { approvals: drawn.people, keys: drawn.keys },
    throttle: { max: THROTTLE.max, windowSeconds: THROTTLE.windowMinutes * 60 },
    nowMs,
  };
}

function ticketOf(drawn: Drawn, nowMs: number): Ticket {
  const { account, conid, side, quantity, orderType, timeInForce, endsInMinutes, extra } = drawn;
  const terms = {
    ...{ account, conid, side, quantity: String(quantity), orderType, timeInForce, limitPrice: "500" },
    ...(endsInMinutes !== undefined && { goodTill: utc(nowMs + endsInMinutes * MINUTE_MS) }),
    ...(extra === "exits" && { exits: {} }),
    ...(extra === "outsideRth" && { outsideRth: true }),
  };
  const ticket = {
    ...{ ...TICKET, agent: drawn.agent, policyHash: drawn.sameLimits ? HASH : OTHER_HASH, terms },
    instrument: { ...TICKET.instrument, secType: drawn.secTypeOfTicket },
    ...(extra === "modifies" && { modifies: {} }),
  };
  return ticket as unknown as Ticket;
}

function policyOf({ limits, opening, reducing, plan, conid, side, policyMode }: Drawn): AutoApprovalPolicy {
  const every = plan && { count: plan.days, unit: "day" as const };
  return {
    ...{ ...POLICY, mode: policyMode, accounts: ACCOUNTS, agents: AGENTS },
    limits: {
      orderNotionalMax: money(limits.order),
      dayNotionalMax: { agent: money(limits.agentDay), account: money(limits.accountDay) },
      positionValueMax: money(limits.positionValue),
      positionPercentMax: String(limits.positionPercent),
    },
    lanes: {
      ...{ opening, reducing },
      schedules:
        plan && every
          ? [
              {
                id: "plan",
                conid,
                side,
                notionalMax: money(plan.notionalMax),
                every,
                startsOn: dayText(plan.startsOnDay),
              },
            ]
          : [],
    },
  };
}

function entryOf(use: Use, nowMs: number): UsedEntry {
  const { account, agent, conid, side, mode, notional, minutesAgo, byPlan } = use;
  return {
    ...{ type: "used/1", at: utc(nowMs - minutesAgo * MINUTE_MS), mode, policy: { id: POLICY.id, hash: HASH } },
    ...{
      proposalId: `prop_${"c".repeat(26)}`,
      account,
      agent,
      conid,
      side,
      schedule: byPlan ? { id: "plan", periodFrom: "2026-11-23" } : null,
    },
    ...{ notional: { amount: money(notional), currency: "USD" }, turnsOff: false },
  };
}

function factsOf(drawn: Drawn, nowMs: number): EnvelopeFacts {
  const { ask, live, flagged, quoteAgeMs, working, unitValue, verdict } = drawn;
  const rules = FACTS.verdict.rules.map((rule) => ({ ...rule, outcome: verdict }));
  const facts = {
    ...FACTS,
    at: utc(nowMs - drawn.sinceFactsMs),
    verdict: { ...FACTS.verdict, outcome: verdict === "deny" ? "deny" : "pass", rules, policyHash: HASH },
    kill: fact(drawn.killAtGate, (level) => ({ level, reason: "drawn" })),
    secType: fact(drawn.secType, (type) => type),
    baseCurrency: fact(drawn.baseIsUsd ? "USD" : "EUR", (currency) => currency),
    notional: fact(drawn.notional, money),
    netLiquidation: fact(drawn.netLiquidation, money),
    position: fact(drawn.before, (before) => {
      return { before: String(before), working: String(working), unitValue: money(unitValue) };
    }),
    quote: fact(drawn.bid, (bid) => {
      const flags = flagged ? ["halted"] : [];
      return { bid: money(bid), ask: money(ask), dataType: live ? "live" : "delayed", ageMs: quoteAgeMs, flags };
    }),
    hours: drawn.hoursKnown ? FACTS.hours : fact(undefined, () => undefined),
  };
  return facts as unknown as EnvelopeFacts;
}

/** Assesses so many random orders; what was approved although it lies outside, and how many were approved at all. */
export function assessRandom(count: number, seed: number) {
  const random = new Draw(seed);
  const outside: Drawn[] = [];
  const refused: Drawn[] = [];
  let approved = 0;
  for (let left = count; left > 0; left -= 1) {
    const drawn = draw(random);
    const isApproved = assess(inputOf(drawn)).outcome === "approve";
    const inside = isInside(drawn);
    if (isApproved) approved += 1;
    if (isApproved && !inside && outside.length < 5) outside.push(drawn);
    if (!isApproved && inside && refused.length < 5) refused.push(drawn);
  }
  return { approved, outside, refused };
}
