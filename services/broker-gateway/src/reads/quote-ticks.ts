import type { Clock } from "@countersign/clock/clock";
import type { Instrument, Quote } from "@countersign/contracts/instrument";
import { compare, decimal } from "@countersign/money/decimal";
import type { BrokerEvent } from "../session/wire.ts";
import { SOURCE, utcAt } from "./reader.ts";

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
    // Without a word about the type nothing may pass for live.
    dataType: ticks.dataType ?? "delayedFrozen",
    source: SOURCE,
    asOf: utcAt(clock, ticks.atMs),
    ageMs: Math.max(0, Math.round(clock.monotonicMs() - ticks.atMs)),
    flags: flagsOf(prices, ticks.halted),
  };
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
