import { utcText } from "@countersign/clock/clock";
import type { Instrument } from "@countersign/contracts/instrument";
import type { DataType } from "@countersign/contracts/market-value";
import type { OptionFigures, TickValue } from "@countersign/contracts/messages/live-reads.v1";
import type { BrokerEvent } from "../session/wire.ts";
import type { DataTypes } from "./data-type.ts";
import { ask } from "./question.ts";
import type { ReadDeps } from "./reader.ts";
import { dataTypeOf, tickName } from "./tick-names.ts";

/** TWS ends a snapshot after eleven seconds at the latest. */
const SNAPSHOT_TIMEOUT_MS = 12_000;
const TYPES: Readonly<Record<number, DataType>> = { 1: "live", 2: "frozen", 3: "delayed", 4: "delayedFrozen" };
/** TWS for "no such price now". */
const NO_PRICE = "-1";
const PRICES = new Set([1, 2, 4, 6, 7, 9, 14, 37, 66, 67, 68, 72, 73, 75, 76]);

export interface TicksDeps extends ReadDeps {
  readonly settleMs: number;
  readonly tickAgeMsMax: number;
  readonly dataTypes: DataTypes;
}

interface Wanted {
  readonly genericTicks: readonly number[];
  readonly dataType: DataType;
  readonly snapshot: boolean;
}

type Labelled<T> = T & { readonly tickId: number; readonly dataType: DataType; readonly atMs: number };

/** Everything that one line of market data has said, each value with its own label. */
class Line {
  readonly #values = new Map<number, Labelled<{ readonly value: string }>>();
  readonly #options = new Map<number, Labelled<Omit<OptionFigures, keyof Omit<TickValue, "value">>>>();
  readonly notices: { code: number; text: string }[] = [];
  parameters = {
    minTick: null as string | null,
    bboExchange: null as string | null,
    snapshotPermissions: null as number | null,
  };
  #type: DataType | undefined;

  take(event: BrokerEvent, atMs: number): void {
    if (event.kind === "dataType") this.#type = TYPES[event.dataType];
    if (event.kind === "tick")
      this.#put(event.field, PRICES.has(event.field) ? priceOf(event.value) : event.value, atMs);
    if (event.kind === "tickText") this.#put(event.field, event.text === "" ? null : event.text, atMs);
    if (event.kind === "tickOption") {
      const label = { tickId: event.field, dataType: dataTypeOf(event.field, this.#type), atMs };
      this.#options.set(event.field, { ...event.figures, ...label });
    }
    if (event.kind === "tickParameters") {
      const { minTick, bboExchange, snapshotPermissions } = event;
      this.parameters = { minTick, bboExchange: bboExchange === "" ? null : bboExchange, snapshotPermissions };
    }
    if (event.kind === "error" && this.notices.length < 10) this.notices.push({ code: event.code, text: event.text });
  }

  get empty(): boolean {
    return this.#values.size + this.#options.size === 0;
  }

  /** `now`: this moment on both clocks. */
  told(now: { readonly monotonicMs: number; readonly wallMs: number }, ageMsMax: number) {
    const label = ({ tickId, dataType, atMs }: Labelled<unknown>) => {
      const ageMs = Math.max(0, Math.round(now.monotonicMs - atMs));
      const asOf = utcText(now.wallMs - ageMs);
      return { tickId, field: tickName(tickId), dataType, asOf, ageMs, stale: ageMs > ageMsMax };
    };
    const values = [...this.#values.values()].map((row): TickValue => ({ ...label(row), value: row.value }));
    const options = [...this.#options.values()].map((row): OptionFigures => {
      const { tickId: _id, dataType: _type, atMs: _at, ...figures } = row;
      return { ...figures, ...label(row) };
    });
    return { values, options };
  }

  /** What is not there takes back what was. */
  #put(tickId: number, value: string | null, atMs: number): void {
    if (value === null) this.#values.delete(tickId);
    else this.#values.set(tickId, { tickId, value, dataType: dataTypeOf(tickId, this.#type), atMs });
  }
}

function priceOf(value: string | null): string | null {
  return value === NO_PRICE ? null : value;
}

/** A snapshot ends with the word of TWS; anything else with what has come after a while. Nothing at all is a fault. */
export function ticks(deps: TicksDeps, instrument: Instrument, wanted: Wanted) {
  const { clock } = deps;
  const { conid, currency, exchange } = instrument;
  const line = new Line();
  const told = (complete: boolean) => {
    const now = { monotonicMs: clock.monotonicMs(), wallMs: clock.nowMs() };
    const { parameters, notices } = line;
    return { conid, currency, complete, ...line.told(now, deps.tickAgeMsMax), ...parameters, notices };
  };
  return ask<ReturnType<typeof told>>(deps, {
    what: wanted.snapshot ? "a snapshot" : "market data",
    timeoutMs: wanted.snapshot ? SNAPSHOT_TIMEOUT_MS : deps.settleMs,
    messages: 2,
    send: (connection, id) => {
      deps.dataTypes.use(connection, wanted.dataType);
      connection.reads.ticks(id, { conid, exchange }, wanted);
    },
    ...(wanted.snapshot ? {} : { cancel: (connection, id) => connection.cancelMarketData(id) }),
    on: (event) => {
      line.take(event, clock.monotonicMs());
      return event.kind === "snapshotEnd" ? { result: told(true) } : undefined;
    },
    ...(wanted.snapshot ? {} : { atTimeout: () => (line.empty ? undefined : { result: told(false) }) }),
  });
}
