import { Fault } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { DataTypes } from "../reads/data-type.ts";
import { emptyTicks, isComplete, type Ticks, takeTick } from "../reads/quote-ticks.ts";
import type { ReadDeps } from "../reads/reader.ts";
import { refusal } from "../reads/refusal.ts";
import type { Line } from "./line.ts";

export interface OpenDeps extends ReadDeps {
  readonly dataTypes: DataTypes;
  readonly marketData: "live" | "delayed";
  readonly settings: {
    /** What has come by then is the answer, when not everything comes. */
    readonly settleMs: number;
    /** Nothing at all by then is a fault. */
    readonly timeoutMs: number;
  };
}

/** Tells the price of an auction, so that a market in auction is not taken for an empty one. */
const AUCTION_TICKS = "225";

/**
 * Asks for the market data of one instrument. `sent` hears of the line in the moment in which it leaves. Resolves when the
 * line has said all that an order needs, or what it has by the end of a while. Throws a Refusal or a Fault.
 */
export async function openLine(
  deps: OpenDeps,
  { instrument, delayed }: { readonly instrument: Instrument; readonly delayed: boolean },
  sent: (line: Line) => void,
): Promise<void> {
  const { requests, clock, link, dataTypes, settings } = deps;
  const { conid, exchange, secType } = instrument;
  const type = delayed ? "delayed" : deps.marketData;
  const settling = settlingAfter(deps);
  let ticks: Ticks = emptyTicks(clock.monotonicMs());
  const complete = requests.ask<void>({
    what: "market data",
    timeoutMs: settings.timeoutMs,
    messages: 1 + dataTypes.cost(link.connection(), type),
    send: (connection, reqId) => {
      ticks = emptyTicks(clock.monotonicMs());
      dataTypes.use(connection, type);
      connection.requestMarketData(reqId, { conid, exchange }, secType === "STK" ? AUCTION_TICKS : "");
      settling.start(ticks);
      sent({ reqId, connection, ticks, delayed, doubtedAtMs: undefined });
    },
    on: (event) => {
      takeTick(ticks, event, clock.monotonicMs());
      return refusal(event) ?? (isComplete(ticks, secType) ? { result: undefined } : undefined);
    },
  });
  try {
    await Promise.race([complete, settling.settled]);
  } catch (error) {
    if (!(error instanceof Fault && error.code === "TIMEOUT")) throw error;
    if (ticks.told.size === 0) throw new Fault("MARKET_DATA_UNAVAILABLE", error.message);
  } finally {
    ticks.settled = true;
    settling.cancel();
    // What comes of it after the line has settled reaches whoever keeps the line.
    complete.catch(() => undefined);
  }
}

/** Resolves a while after the start if something has come by then. */
function settlingAfter({ clock, settings }: OpenDeps) {
  let resolve: () => void = () => undefined;
  const settled = new Promise<void>((done) => {
    resolve = done;
  });
  let cancel: () => void = () => undefined;
  const start = (ticks: Ticks) => {
    const timer = clock.setTimeout(() => {
      if (ticks.dataType !== undefined && ticks.told.size > 0) resolve();
    }, settings.settleMs);
    cancel = () => timer.cancel();
  };
  return { settled, start, cancel: () => cancel() };
}
