import type { ReplyReader } from "../reply-reader.ts";
import type { BrokerEvent } from "../wire.ts";
import type { WireTrade } from "../wire-reads.ts";
import type { ReplyTable } from "./reply-table.ts";

/** The price ids whose message carries a size, with the id of that size. */
const SIZE_OF_PRICE: Readonly<Record<number, number>> = { 1: 0, 2: 3, 4: 5, 66: 69, 67: 70, 68: 71 };
/** TWS for "not computed": -1 for figures that cannot be negative, -2 for the others. */
const NOT_COMPUTED = ["-1"] as const;
const NO_GREEK = ["-2"] as const;

export const NO_TRADE: WireTrade = {
  epochSeconds: 0,
  price: null,
  size: null,
  bid: null,
  ask: null,
  bidSize: null,
  askSize: null,
  exchange: "",
  conditions: "",
};

export const MARKET_REPLIES: ReplyTable = {
  1: (reader) => {
    reader.version();
    const reqId = reader.integer();
    const field = reader.integer();
    const value = reader.decimal();
    const size = reader.decimal();
    reader.integerOrNull();
    const sizeField = SIZE_OF_PRICE[field];
    const price: BrokerEvent = { kind: "tick", reqId, field, value };
    return sizeField === undefined ? price : [price, { kind: "tick", reqId, field: sizeField, value: size }];
  },
  2: readTick,
  45: readTick,
  46: (reader) => {
    reader.version();
    return { kind: "tickText", reqId: reader.integer(), field: reader.integer(), text: reader.text(500) };
  },
  21: (reader) => {
    const reqId = reader.integer();
    const field = reader.integer();
    reader.integerOrNull();
    const figures = {
      impliedVolatility: reader.decimalBut(...NOT_COMPUTED),
      delta: reader.decimalBut(...NO_GREEK),
      optionPrice: reader.decimalBut(...NOT_COMPUTED),
      presentValueOfDividends: reader.decimalBut(...NOT_COMPUTED),
      gamma: reader.decimalBut(...NO_GREEK),
      vega: reader.decimalBut(...NO_GREEK),
      theta: reader.decimalBut(...NO_GREEK),
      underlyingPrice: reader.decimalBut(...NOT_COMPUTED),
    };
    return { kind: "tickOption", reqId, field, figures };
  },
  81: (reader) => ({
    kind: "tickParameters",
    reqId: reader.integer(),
    minTick: reader.decimal(),
    bboExchange: reader.text(20),
    snapshotPermissions: reader.integerOrNull(),
  }),
  57: (reader) => {
    reader.version();
    return { kind: "snapshotEnd", reqId: reader.integer() };
  },
  58: (reader) => {
    reader.version();
    return { kind: "dataType", reqId: reader.integer(), dataType: reader.integer() };
  },
  12: (reader) => readDepth(reader, false),
  13: (reader) => readDepth(reader, true),
  50: (reader) => {
    reader.version();
    const reqId = reader.integer();
    const epochSeconds = reader.integer();
    const prices = { open: reader.decimal(), high: reader.decimal(), low: reader.decimal(), close: reader.decimal() };
    const more = { volume: reader.decimal(), averagePrice: reader.decimal(), count: reader.integerOrNull() };
    return { kind: "liveBar", reqId, bar: { epochSeconds, ...prices, ...more } };
  },
  99: (reader) => {
    const reqId = reader.integer();
    const tickType = reader.integer();
    const epochSeconds = reader.integer();
    return { kind: "tickByTick", reqId, tickType, trade: { ...readTrade(reader, tickType), epochSeconds } };
  },
};

function readTick(reader: ReplyReader): BrokerEvent {
  reader.version();
  return { kind: "tick", reqId: reader.integer(), field: reader.integer(), value: reader.decimal() };
}

function readDepth(reader: ReplyReader, named: boolean): BrokerEvent {
  reader.version();
  const reqId = reader.integer();
  const position = reader.integer();
  const marketMaker = named ? reader.text(20) : "";
  const operation = reader.integer();
  const side = reader.integer() === 1 ? "bid" : "ask";
  const figures = { price: reader.decimal(), size: reader.decimal() };
  const smart = named && reader.flag();
  return { kind: "depthRow", reqId, row: { position, operation, side, marketMaker, ...figures, smart } };
}

/** 1 and 2 are trades, 3 is a quote, 4 a midpoint, 0 nothing. */
function readTrade(reader: ReplyReader, tickType: number): WireTrade {
  if (tickType === 1 || tickType === 2) {
    const figures = { price: reader.decimal(), size: reader.decimal() };
    reader.integerOrNull();
    return { ...NO_TRADE, ...figures, exchange: reader.text(20), conditions: reader.text(40) };
  }
  if (tickType === 3) {
    const prices = { bid: reader.decimal(), ask: reader.decimal() };
    const sizes = { bidSize: reader.decimal(), askSize: reader.decimal() };
    reader.integerOrNull();
    return { ...NO_TRADE, ...prices, ...sizes };
  }
  return tickType === 4 ? { ...NO_TRADE, price: reader.decimal() } : NO_TRADE;
}
