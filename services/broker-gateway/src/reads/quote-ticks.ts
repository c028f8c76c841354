import type { Clock } from "@countersign/clock/clock";
import type { Instrument, Quote } from "@countersign/contracts/instrument";
import { compare, decimal } from "@countersign/money/decimal";
import type { BrokerEvent } from "../session/wire.ts";
import { SOURCE, utcAt } from "./reader.ts";
import { dataTypeOf } from "./tick-names.ts";

/** Tick ids of live data and of delayed data for the same field. */
const FIELDS: Readonly<Record<number, TickField>> = {
  0: "bidSize",
  1: "bid",
  2: "ask",
  3: "askSize",
  4: "last",
  8: "volume",
  9: "close",
  66: "bid",
  67: "ask",
  68: "last",
  69: "bidSize",
  70: "askSize",
  74: "volume",
  75: "close",
};
const HALTED = 49;
const DATA_TYPES: Readonly<Record<number, Quote["dataType"]>> = {
  1: "live",
  2: "frozen",
  3: "delayed",
  4: "delayedFrozen",
};
/** TWS for "no such price now". */
const NO_PRICE = "-1";

type TickField = "bid" | "ask" | "last" | "close" | "bidSize" | "askSize" | "volume";

/** What one line of market data has said so far. */
export interface Ticks {
  readonly values: Map<TickField, string | null>;
  /** What each value was when it came. */
  readonly types: Map<TickField, Quote["dataType"]>;
  /** What TWS says that it sends now. */
  dataType: Quote["dataType"] | undefined;
  halted: boolean;
  /** Monotonic ms of the newest tick. */
  atMs: number;
  settled: boolean;
}

export function takeTick(ticks: Ticks, event: BrokerEvent, nowMs: number): void {
  if (event.kind === "dataType") ticks.dataType = DATA_TYPES[event.dataType];
  if (event.kind !== "tick") return;
  if (event.field === HALTED) ticks.halted = event.value === "1" || event.value === "2";
  const field = FIELDS[event.field];
  if (field === undefined) return;
  ticks.values.set(field, event.value === NO_PRICE ? null : event.value);
  ticks.types.set(field, dataTypeOf(event.field, ticks.dataType));
  ticks.atMs = nowMs;
}

/** Every price an order needs has come; currencies have no last. Sizes are not waited for: the client library drops the bid's. */
export function isComplete(ticks: Ticks, secType: string): boolean {
  const needed: TickField[] = ["bid", "ask", ...(secType === "CASH" ? [] : (["last"] as const))];
  return ticks.dataType !== undefined && needed.every((field) => ticks.values.has(field));
}

export function quoteOf(instrument: Instrument, ticks: Ticks, clock: Clock): Quote {
  const value = (field: TickField) => ticks.values.get(field) ?? null;
  const prices = { bid: value("bid"), ask: value("ask"), last: value("last"), close: value("close") };
  return {
    conid: instrument.conid,
    currency: instrument.currency,
    ...prices,
    bidSize: value("bidSize"),
    askSize: value("askSize"),
    volume: value("volume"),
    dataType: worstOf(ticks, prices),
    source: SOURCE,
    asOf: utcAt(clock, ticks.atMs),
    ageMs: Math.max(0, Math.round(clock.monotonicMs() - ticks.atMs)),
    flags: flagsOf(prices, ticks.halted),
  };
}

/** From the best to the worst. */
const RANKS: readonly Quote["dataType"][] = ["live", "frozen", "delayed", "delayedFrozen"];

/** A quote is no better than the worst of its prices: after a change of the type some of them are from before it. */
function worstOf(ticks: Ticks, prices: Pick<Quote, "bid" | "ask" | "last">): Quote["dataType"] {
  const fields = (["bid", "ask", "last"] as const).filter((field) => prices[field] !== null);
  const ranks = fields.map((field) => RANKS.indexOf(ticks.types.get(field) ?? "delayedFrozen"));
  // Without a word about the type nothing may pass for live.
  return RANKS[Math.max(...ranks)] ?? ticks.dataType ?? "delayedFrozen";
}

function flagsOf(prices: Pick<Quote, "bid" | "ask" | "last" | "close">, halted: boolean): Quote["flags"] {
  const { bid, ask, last } = prices;
  const flags: Quote["flags"] = [];
  if (bid !== null && ask !== null) {
    const order = compare(decimal(bid), decimal(ask));
    if (order > 0) flags.push("crossed");
    if (order === 0) flags.push("locked");
  }
  if ((bid === null) !== (ask === null)) flags.push("oneSided");
  if (bid === null && ask === null && last === null) flags.push("noPrice");
  if (halted) flags.push("halted");
  const named = [bid, ask, last].filter((price) => price !== null);
  if (named.some((price) => compare(decimal(price), decimal("0")) <= 0)) flags.push("nonPositive");
  return flags;
}
