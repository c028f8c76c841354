import { type Clock, utcText } from "@countersign/clock/clock";
import { type Instrument, QUOTE_FIELDS, type Quote, type QuoteField } from "@countersign/contracts/instrument";
import { type Absence, type DataType, type MarketValue, worstType } from "@countersign/contracts/market-value";
import { decimal, isNegative, isZero } from "@countersign/money/decimal";
import type { BrokerEvent } from "../session/wire.ts";
import { flagsOf } from "./quote-flags.ts";
import { SOURCE, utcAt } from "./reader.ts";
import { dataTypeOf } from "./tick-names.ts";

/** Tick ids of live data and of delayed data for the same field. */
const FIELDS: Readonly<Record<number, QuoteField>> = {
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
const HALTED = new Set([49, 90]);
const AUCTION_PRICE = 35;
const DATA_TYPES: Readonly<Record<number, DataType>> = { 1: "live", 2: "frozen", 3: "delayed", 4: "delayedFrozen" };
/** TWS for "no such price now". */
const NO_PRICE = "-1";
const PARTLY_SUBSCRIBED = 10090;
const SIZES: ReadonlySet<QuoteField> = new Set(["bidSize", "askSize", "volume"]);

/** What one tick said; a null value has its reason. */
interface Told {
  readonly value: string | null;
  readonly absence: Absence;
  readonly dataType: DataType;
  /** What TWS said then that it sends. */
  readonly under: DataType | undefined;
  /** Monotonic ms. */
  readonly atMs: number;
}

/** What one line of market data has said so far. */
export interface Ticks {
  readonly told: Map<QuoteField, Told>;
  /** What TWS says that it sends now. */
  dataType: DataType | undefined;
  halted: boolean;
  /** The price at which an auction would trade now. */
  auctionPrice: string | null;
  /** TWS said that a part of it is not subscribed. */
  partly: boolean;
  /** Monotonic ms of the newest tick. */
  atMs: number;
  settled: boolean;
}

export function emptyTicks(atMs: number): Ticks {
  const nothing = { dataType: undefined, halted: false, auctionPrice: null, partly: false };
  return { told: new Map(), ...nothing, atMs, settled: false };
}

/** True: it said something about a field of the quote. */
export function takeTick(ticks: Ticks, event: BrokerEvent, nowMs: number): boolean {
  if (event.kind === "dataType") ticks.dataType = DATA_TYPES[event.dataType];
  if (event.kind === "error" && event.code === PARTLY_SUBSCRIBED) ticks.partly = true;
  if (event.kind !== "tick") return false;
  if (HALTED.has(event.field)) ticks.halted = event.value === "1" || event.value === "2";
  if (event.field === AUCTION_PRICE) ticks.auctionPrice = event.value;
  const field = FIELDS[event.field];
  if (field === undefined) return false;
  const none = event.value === NO_PRICE;
  const absence = event.value === null ? "unreadable" : "none";
  const dataType = dataTypeOf(event.field, ticks.dataType);
  ticks.told.set(field, { value: none ? null : event.value, absence, dataType, under: ticks.dataType, atMs: nowMs });
  ticks.atMs = nowMs;
  return true;
}

/** Every price an order needs has come; currencies have no last. Sizes are not waited for: the client library drops the bid's. */
export function isComplete(ticks: Ticks, secType: string): boolean {
  const needed: QuoteField[] = ["bid", "ask", ...(secType === "CASH" ? [] : (["last"] as const))];
  return ticks.dataType !== undefined && needed.every((field) => ticks.told.has(field));
}

export function quoteOf(instrument: Instrument, ticks: Ticks, clock: Clock): Quote {
  const { conid, currency } = instrument;
  const values = Object.fromEntries(
    QUOTE_FIELDS.map((field) => [field, fieldOf(instrument, ticks, field, clock)]),
  ) as Record<QuoteField, MarketValue>;
  return {
    conid,
    currency,
    ...values,
    // Without a word about the type nothing may pass for live.
    dataType: worstOf(values) ?? ticks.dataType ?? "delayedFrozen",
    source: SOURCE,
    asOf: utcAt(clock, ticks.atMs),
    ageMs: ageOf(ticks.atMs, clock),
    flags: flagsOf(values, ticks),
  };
}

function fieldOf(instrument: Instrument, ticks: Ticks, field: QuoteField, clock: Clock): MarketValue {
  const told = ticks.told.get(field);
  if (told === undefined) {
    if (field === "last" && instrument.secType === "CASH") return { state: "absent", reason: "notQuoted" };
    return { state: "absent", reason: ticks.partly ? "notSubscribed" : "notSent" };
  }
  if (told.value === null) return { state: "absent", reason: told.absence };
  const old = told.under !== ticks.dataType;
  const ageMs = ageOf(old ? told.atMs : ticks.atMs, clock);
  const number = decimal(told.value);
  return {
    state: "known",
    value: told.value,
    unit: SIZES.has(field) ? sizeUnit(instrument) : instrument.currency,
    source: SOURCE,
    asOf: utcText(clock.nowMs() - ageMs),
    ageMs,
    dataType: told.dataType,
    flags: [
      ...(isZero(number) ? (["zero"] as const) : []),
      ...(isNegative(number) ? (["negative"] as const) : []),
      ...(old ? (["beforeTypeChange"] as const) : []),
    ],
  };
}

function ageOf(atMs: number, clock: Clock): number {
  return Math.max(0, Math.round(clock.monotonicMs() - atMs));
}

/** What a size counts. */
function sizeUnit({ secType, symbol }: Instrument): string {
  if (secType === "STK") return "shares";
  if (["OPT", "FUT", "FOP", "BAG", "WAR"].includes(secType)) return "contracts";
  return secType === "CASH" || secType === "CRYPTO" ? symbol.slice(0, 12) : "units";
}

/** A quote is no better than the worst of its prices: after a change of the type some of them are from before it. */
function worstOf({ bid, ask, last }: Record<QuoteField, MarketValue>): DataType | undefined {
  const known = [bid, ask, last].flatMap((value) => (value.state === "known" ? [value.dataType] : []));
  return worstType(known);
}
