import { ManualClock } from "@countersign/clock/manual-clock";
import { EventName, type OrderType } from "@stoqey/ib";
import type { LibraryClient } from "./library-client.ts";
import type { RawClient } from "./raw-client.ts";
import { AAPL, TestSimulator } from "./test-simulator.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;
/** Monday 2027-01-04, midnight in New York. */
export const MIDNIGHT_MS = Date.UTC(2027, 0, 4, 5, 0, 0);
const OPENING_HOUR = 9.5;

export interface SimulatedDay {
  readonly simulator: TestSimulator;
  /** The client library, at server version 193. */
  readonly library: LibraryClient;
  /** A client that offers no more than 178. */
  readonly old: RawClient;
  readonly marketOrder: number;
  readonly dayOrder: number;
  readonly restingOrder: number;
}

/**
 * One day of New York by its own hours, with two clients from midnight to midnight: quotes for the first `quoteHours` of
 * the regular session, profit and loss every second for the first `pnlHours` of the day, three orders, and a question to
 * the clock each hour.
 */
export async function playDay(options: {
  readonly quoteHours: number;
  readonly pnlHours: number;
}): Promise<SimulatedDay> {
  const clock = new ManualClock(MIDNIGHT_MS);
  const simulator = await TestSimulator.start({ clock, advance: (ms) => clock.advance(ms), calendar: "real" });
  const library = await simulator.library(7);
  const old = simulator.raw();
  await old.start("v157..178", 8);
  library.api.reqPnL(11, "DU1234567", "");
  const plain = { totalQuantity: 10, account: "DU1234567" };
  const marketOrder = library.place(AAPL, { ...plain, orderType: "MKT" as OrderType, lmtPrice: undefined as never });
  const dayOrder = library.place(AAPL, { ...plain, lmtPrice: 1 });
  const restingOrder = library.place(AAPL, { ...plain, lmtPrice: 2, tif: "GTC" as never });
  await library.waitFor(EventName.orderStatus, ([id]) => id === restingOrder);
  for (let hour = 0; hour < HOURS; hour += 0.5) {
    if (hour === OPENING_HOUR) startQuotes(library, old);
    if (hour === OPENING_HOUR + options.quoteHours) stopQuotes(library, old);
    if (hour === options.pnlHours) library.api.cancelPnL(11);
    if (Number.isInteger(hour)) await askTime(library, old, hour + 1);
    await clock.advance(HOUR_MS / 2);
  }
  return { simulator, library, old, marketOrder, dayOrder, restingOrder };
}

function startQuotes(library: LibraryClient, old: RawClient): void {
  library.api.reqMktData(1, AAPL, "", false, false);
  old.send(1, 11, 1, AAPL.conId, "", "STK", "", "", "", "", "SMART", "", "USD", "", "", 0, "", 0, 0, "");
}

function stopQuotes(library: LibraryClient, old: RawClient): void {
  library.api.cancelMktData(1);
  old.send(2, 1, 1);
}

async function askTime(library: LibraryClient, old: RawClient, count: number): Promise<void> {
  library.api.reqCurrentTime();
  old.send(49, 1);
  await library.waitFor(EventName.currentTime, () => true, count);
  await old.waitFor(() => old.of("49").length >= count);
}
