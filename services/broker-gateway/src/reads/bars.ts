import { utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { Bar } from "@countersign/contracts/instrument";
import type { BarsReply, BarsRequest } from "@countersign/contracts/messages/broker.v1";
import type * as z from "zod";
import type { BrokerEvent, WireBar } from "../session/wire.ts";
import type { Contracts } from "./contracts.ts";
import { fitting } from "./question.ts";
import { type ReadDeps, SOURCE } from "./reader.ts";
import { answerTo, refusal } from "./refusal.ts";

const BARS_TIMEOUT_MS = 18_000;

type Answer = z.input<typeof BarsReply>;

/** Historical bars. No data is a fault with the broker's words, never an empty list. */
export async function bars(
  deps: ReadDeps & { readonly contracts: Contracts },
  request: z.output<typeof BarsRequest>,
): Promise<Answer> {
  const contract = await deps.contracts.byConid(request.conid);
  if (contract.outcome === "denied") return contract;
  const { currency, exchange, secType } = contract.value.instrument;
  try {
    const rows = await ask(deps, { ...request, exchange, whatToShow: tradesOf(secType, request.whatToShow) });
    const list = rows.map(barOf);
    return fitting({ conid: request.conid, currency, bars: list, source: SOURCE, asOf: utcText(deps.clock.nowMs()) });
  } catch (error) {
    return answerTo(error, "MARKET_DATA_UNAVAILABLE");
  }
}

type WhatToShow = z.output<typeof BarsRequest>["whatToShow"];
type Query = Omit<z.output<typeof BarsRequest>, "whatToShow"> & {
  exchange: string;
  whatToShow: WhatToShow | "AGGTRADES";
};

/** TWS has trades of crypto only in sum over its venues. */
function tradesOf(secType: string, whatToShow: WhatToShow): WhatToShow | "AGGTRADES" {
  return secType === "CRYPTO" && whatToShow === "TRADES" ? "AGGTRADES" : whatToShow;
}

function ask(deps: ReadDeps, query: Query): Promise<WireBar[]> {
  const rows: WireBar[] = [];
  return deps.requests.ask({
    what: "bars",
    timeoutMs: BARS_TIMEOUT_MS,
    send: (connection, id) => connection.requestBars(id, query),
    on: (event: BrokerEvent) => {
      if (event.kind === "bar") rows.push(event.bar);
      if (event.kind === "barsEnd") return { result: rows };
      return refusal(event);
    },
  });
}

function barOf(row: WireBar): Bar {
  const { open, high, low, close, volume } = row;
  if (open === null || high === null || low === null || close === null) {
    throw new Fault("BROKER_REFUSED", "TWS sent a bar without a price");
  }
  return { time: barTime(row.time), open, high, low, close, volume: volume === NO_VOLUME ? null : volume };
}

const NO_VOLUME = "-1";

/** Seconds since the epoch within a day, a plain date from a day upwards: that date stands for its midnight in UTC. */
export function barTime(text: string): string {
  if (/^[0-9]{9,10}$/.test(text)) return utcText(Number(text) * 1_000);
  const date = /^([0-9]{4})([0-9]{2})([0-9]{2})$/.exec(text);
  if (date === null) throw new Fault("BROKER_REFUSED", "TWS sent a bar with an unreadable time");
  return `${date[1]}-${date[2]}-${date[3]}T00:00:00.000Z`;
}
