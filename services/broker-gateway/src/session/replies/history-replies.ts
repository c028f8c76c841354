import type { BrokerEvent } from "../wire.ts";
import { NO_TRADE } from "./market-replies.ts";
import type { ReplyTable } from "./reply-table.ts";

const TIME_MAX = 60;

export const HISTORY_REPLIES: ReplyTable = {
  17: (reader) => {
    const reqId = reader.integer();
    reader.skip(2);
    const bars = reader.list((): BrokerEvent => {
      const time = reader.text(TIME_MAX);
      const prices = { open: reader.decimal(), high: reader.decimal(), low: reader.decimal(), close: reader.decimal() };
      const more = { volume: reader.decimal(), averagePrice: reader.decimal(), count: reader.integerOrNull() };
      return { kind: "bar", reqId, bar: { time, ...prices, ...more } };
    });
    return [...bars, { kind: "barsEnd", reqId }];
  },
  88: (reader) => ({ kind: "headTimestamp", reqId: reader.integer(), text: reader.text(TIME_MAX) }),
  89: (reader) => ({
    kind: "histogram",
    reqId: reader.integer(),
    rows: reader.list(() => ({ price: reader.decimal(), size: reader.decimal() })),
  }),
  90: (reader) => {
    const reqId = reader.integer();
    reader.integerOrNull();
    const time = reader.text(TIME_MAX);
    reader.decimal();
    const close = reader.decimal();
    for (let figure = 0; figure < 4; figure += 1) reader.decimal();
    return { kind: "barUpdate", reqId, time, close };
  },
  96: (reader) => {
    const reqId = reader.integer();
    const rows = reader.list(() => {
      const epochSeconds = reader.integer();
      reader.integerOrNull();
      return { ...NO_TRADE, epochSeconds, price: reader.decimal(), size: reader.decimal() };
    });
    return { kind: "historicalTicks", reqId, rows, done: reader.flag() };
  },
  97: (reader) => {
    const reqId = reader.integer();
    const rows = reader.list(() => {
      const epochSeconds = reader.integer();
      reader.integerOrNull();
      const prices = { bid: reader.decimal(), ask: reader.decimal() };
      return { ...NO_TRADE, epochSeconds, ...prices, bidSize: reader.decimal(), askSize: reader.decimal() };
    });
    return { kind: "historicalTicks", reqId, rows, done: reader.flag() };
  },
  98: (reader) => {
    const reqId = reader.integer();
    const rows = reader.list(() => {
      const epochSeconds = reader.integer();
      reader.integerOrNull();
      const figures = { price: reader.decimal(), size: reader.decimal() };
      return { ...NO_TRADE, epochSeconds, ...figures, exchange: reader.text(20), conditions: reader.text(40) };
    });
    return { kind: "historicalTicks", reqId, rows, done: reader.flag() };
  },
  106: (reader) => {
    const reqId = reader.integer();
    reader.skip(2);
    const timeZoneId = reader.text(TIME_MAX);
    const sessions = reader.list(() => ({
      start: reader.text(TIME_MAX),
      end: reader.text(TIME_MAX),
      date: reader.text(TIME_MAX),
    }));
    return { kind: "schedule", reqId, timeZoneId, sessions };
  },
};
