import { LIMITS, type Limit, type LimitName } from "./limits.ts";

/** For whom a request is made. The lane comes from the subject on which it was asked, never from its body. */
export interface Asker {
  readonly lane: "gate" | "operator" | "agent";
  readonly id: string;
}

/** The gate has one name: only risk-gate may publish on the subjects that lead to this asker. */
export const GATE: Asker = { lane: "gate", id: "gate" };

/** What one request spends of the broker's allowance. */
export interface Cost {
  readonly kind:
    | "quote"
    | "line"
    | "bars"
    | "ticks"
    | "contract"
    | "search"
    | "tickByTick"
    | "depth"
    | "scanner"
    | "other";
  readonly conid?: number;
  /** Equal text: the identical request for the 15 s rule; absent: that rule does not hold for it. */
  readonly identity?: string;
  /** Contract, exchange and kind of data, for the rule of 2 s; absent: that rule does not hold for it. */
  readonly burstKey?: string;
  /** How often it counts: 2 for BID_ASK, else 1. */
  readonly weight: number;
  /** Bars of 30 s or less, real-time bars: the limits of 10 min, 15 s and 2 s are hard for these alone. */
  readonly hard: boolean;
  /** It stays open until it is given back; absent: it ends with its answer. */
  readonly held?: boolean;
}

/** A part of one limit that a request takes. */
export interface Charge {
  readonly limit: LimitName;
  /** Of which counter; empty: the one counter of the limit. */
  readonly key: string;
  readonly weight: number;
  /** From when it counts; absent: as the limit says. */
  readonly from?: Limit["from"];
}

/**
 * Answered at once by a broker that is well. Their messages count from the answer: while a broker stalls it reads nothing,
 * and what was sent meanwhile reaches it together.
 */
const ANSWERED_AT_ONCE: readonly Cost["kind"][] = ["bars", "contract", "search", "other"];

/** A line is opened and closed again: two messages. */
const MESSAGES: Partial<Record<Cost["kind"], number>> = { quote: 2, depth: 2, scanner: 2, tickByTick: 2 };
const OPEN_AT_ONCE = {
  bars: "historicalOpen",
  ticks: "historicalOpen",
  quote: "lines",
  line: "lines",
  depth: "depth",
  scanner: "scanners",
} as const satisfies Partial<Record<Cost["kind"], LimitName>>;

export function chargesOf(cost: Cost): Charge[] {
  const messages = { limit: "messages", key: "", weight: MESSAGES[cost.kind] ?? 1 } as const;
  const charges: Charge[] = [ANSWERED_AT_ONCE.includes(cost.kind) ? { ...messages, from: "answered" } : messages];
  const open = cost.kind in OPEN_AT_ONCE ? OPEN_AT_ONCE[cost.kind as keyof typeof OPEN_AT_ONCE] : undefined;
  if (open !== undefined) charges.push({ limit: open, key: "", weight: 1 });
  if (cost.kind === "search") charges.push({ limit: "matchingSymbols", key: "", weight: 1 });
  if (cost.kind === "tickByTick") charges.push({ limit: "tickByTick", key: String(cost.conid ?? ""), weight: 1 });
  if (!cost.hard) return charges;
  charges.push({ limit: "historical", key: "", weight: cost.weight });
  if (cost.identity !== undefined) charges.push({ limit: "identical", key: cost.identity, weight: 1 });
  if (cost.burstKey !== undefined) charges.push({ limit: "burst", key: cost.burstKey, weight: 1 });
  return charges;
}

/** What counts no longer than this is over before a new life of this process asks anything. */
const OVER_BEFORE_RESTART_MS = 1_000;

/** It counts for a while after its request is over: the broker still knows of it when we no longer do. */
export function outlivesUs({ limit }: Charge): boolean {
  const { windowMs, from } = LIMITS[limit];
  return windowMs !== null && from === "answered" && windowMs > OVER_BEFORE_RESTART_MS;
}

/** Requests of one group wait for the same limits, so turns are taken within it. */
export function groupOf(cost: Cost): string {
  if (cost.held) return `${cost.kind} held`;
  return cost.hard ? `${cost.kind} hard` : cost.kind;
}
