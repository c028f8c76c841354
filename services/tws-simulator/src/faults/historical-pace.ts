import type { HistoricalDataRequest, Request } from "../codec/requests.ts";
import { parseBarSize } from "../market/bars.ts";
import type { FaultOf } from "./fault-document.ts";

/** Only these short bars have a hard pace. */
const BAR_SECONDS_MAX = 30;
const TWICE = "BID_ASK";
export const LIVE_BARS = "reqRealTimeBars";

interface Asked {
  readonly atMs: number;
  readonly weight: number;
  /** The whole request. */
  readonly all: string;
  /** Contract, exchange and kind of data. */
  readonly kind: string;
}

/** The user's requests for historical data, over all clients. */
export class HistoricalPace {
  #asked: Asked[] = [];

  /** True when this request is one too many. A refused one counts as well, as at IB. */
  exceeds(request: Request, limits: FaultOf<"historicalPacing">, nowMs: number): boolean {
    const asked = describe(request, nowMs);
    if (asked === undefined) return false;
    this.#asked = this.#asked.filter(({ atMs }) => nowMs - atMs < limits.windowMs);
    const recent = (ms: number) => this.#asked.filter(({ atMs }) => nowMs - atMs < ms);
    const weight = this.#asked.reduce((sum, one) => sum + one.weight, asked.weight);
    const identical = asked.all !== "" && recent(limits.identicalMs).some(({ all }) => all === asked.all);
    const isBurst = asked.kind !== LIVE_BARS;
    const burst = isBurst && recent(limits.burstMs).filter(({ kind }) => kind === asked.kind).length >= limits.burstMax;
    this.#asked.push(asked);
    return weight > limits.requestsMax || identical || burst;
  }
}

function describe(request: Request, atMs: number): Asked | undefined {
  if (request.kind === "reqHistoricalData") return ofBars(request, atMs);
  const name: string = request.kind;
  return name === LIVE_BARS ? { atMs, weight: 1, all: "", kind: LIVE_BARS } : undefined;
}

function ofBars(request: HistoricalDataRequest, atMs: number): Asked | undefined {
  const size = parseBarSize(request.barSize);
  if (size?.kind !== "seconds" || size.seconds > BAR_SECONDS_MAX) return undefined;
  const { contract, whatToShow } = request;
  const all = JSON.stringify({ ...request, reqId: 0 });
  const kind = `${JSON.stringify(contract)} ${whatToShow}`;
  return { atMs, weight: whatToShow === TWICE ? 2 : 1, all, kind };
}
