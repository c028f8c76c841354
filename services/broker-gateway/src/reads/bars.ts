import { currentContext } from "@countersign/bus/context";
import { parseUtcText, utcText } from "@countersign/clock/clock";
import type { WhatToShow } from "@countersign/contracts/bars";
import { denied } from "@countersign/contracts/denial";
import type { BarRow, BrokerBarsReply, BrokerBarsRequest } from "@countersign/contracts/messages/broker.v1";
import type * as z from "zod";
import type { BrokerEvent, WireBar } from "../session/wire.ts";
import type { Contracts } from "./contracts.ts";
import { fitting } from "./question.ts";
import { type ReadDeps, SOURCE } from "./reader.ts";
import { answerTo, Refusal, refusal } from "./refusal.ts";
import { twsUtc } from "./tws-time.ts";

const BARS_TIMEOUT_MS = 18_000;
const NO_DATA = /no data/i;
/** TWS shows delayed data and says so. */
const DELAYED = 10167;

type Request = z.output<typeof BrokerBarsRequest>;
type Answer = z.input<typeof BrokerBarsReply>;

/**
 * One request for historical data. The rows are as they came: what is wrong about one is for the reader to see. That
 * there is no data is a denial with the broker's words, never an empty list.
 */
export async function bars(deps: ReadDeps & { readonly contracts: Contracts }, request: Request): Promise<Answer> {
  const contract = await deps.contracts.byConid(request.conid);
  if (contract.outcome === "denied") return contract;
  const { exchange, secType } = contract.value.instrument;
  try {
    const { rows, delayed } = await ask(deps, request, { exchange, secType });
    const wanted = rows.map(rowOf).filter(within(request));
    return fitting({
      ...{ conid: request.conid, rows: wanted, delayed },
      ...{ source: SOURCE, asOf: utcText(deps.clock.nowMs()) },
    });
  } catch (error) {
    if (error instanceof Refusal && NO_DATA.test(error.message)) return denied("NO_DATA", error.message.slice(0, 500));
    return answerTo(error, "MARKET_DATA_UNAVAILABLE");
  }
}

/** TWS has trades of crypto only in sum over its venues. */
export function tradesOf(secType: string, whatToShow: WhatToShow): WhatToShow | "AGGTRADES" {
  return secType === "CRYPTO" && whatToShow === "TRADES" ? "AGGTRADES" : whatToShow;
}

function ask(deps: ReadDeps, request: Request, traded: { exchange: string; secType: string }) {
  const rows: WireBar[] = [];
  let delayed = false;
  const { conid, barSize, duration, end, regularHoursOnly } = request;
  const whatToShow = tradesOf(traded.secType, request.whatToShow);
  const how = { barSize, duration, end: twsUtc(end), whatToShow, regularHoursOnly };
  return deps.requests.ask<{ rows: WireBar[]; delayed: boolean }>({
    what: "bars",
    timeoutMs: BARS_TIMEOUT_MS,
    notAfterMs: currentContext()?.deadlineMs,
    send: (connection, id) => connection.reads.bars(id, { conid, exchange: traded.exchange }, how),
    on: (event: BrokerEvent) => {
      if (event.kind === "bar") rows.push(event.bar);
      if (event.kind === "error" && event.code === DELAYED) delayed = true;
      if (event.kind === "barsEnd") return { result: { rows, delayed } };
      return refusal(event);
    },
  });
}

function rowOf(bar: WireBar): BarRow {
  const { open, high, low, close, volume, averagePrice, count } = bar;
  return [timeOf(bar.time), open, high, low, close, volume, averagePrice, count];
}

/** Seconds since the epoch within a day, a plain date from a day upwards. Anything else stays for the reader to refuse. */
function timeOf(text: string): string {
  if (/^[0-9]{1,10}$/.test(text) && text.length !== 8) return utcText(Number(text) * 1_000);
  const date = /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(text);
  return date === null ? text : `${date[1]}-${date[2]}-${date[3]}`;
}

/** A row whose time cannot be read is never left out. */
function within({ from, until }: Request): (row: BarRow) => boolean {
  const [fromMs, untilMs] = [from === null ? 0 : parseUtcText(from), until === null ? Infinity : parseUtcText(until)];
  return ([time]) => {
    const atMs = Date.parse(time);
    return Number.isNaN(atMs) || (atMs >= fromMs && atMs < untilMs);
  };
}
