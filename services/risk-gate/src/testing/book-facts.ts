import type { Holding, WorkingOrder } from "../facts/book/book.ts";
import { type Facts, known } from "../facts/fact.ts";
import type { History, PartHistory } from "../facts/history/history.ts";
import { AT, FACTS } from "../test-facts.ts";

export const AAPL = 265598;

/** What an account holds of AAPL, at 230 a unit, where nothing else is said. */
export function holding(change: Partial<Holding> = {}): Holding {
  return {
    ...{
      conid: AAPL,
      symbol: "AAPL",
      secType: "STK",
      currency: "USD",
      multiplier: "1",
      quantity: "10",
      unitValue: "230",
    },
    ...{ industry: "Technology", category: "Computers" },
    ...change,
  };
}

/** Another instrument of the same industry and another category. */
export function msft(change: Partial<Holding> = {}): Holding {
  return holding({ conid: 272093, symbol: "MSFT", category: "Software", unitValue: "500", ...change });
}

export function working(change: Partial<WorkingOrder> = {}): WorkingOrder {
  return { order: "foreign 1", conid: AAPL, side: "BUY", remaining: "10", unitValue: "230", ...change };
}

/** The facts of an account that holds and works in this; instruments of working orders alone must be among the holdings, with 0. */
export function withBook(
  holdings: readonly Holding[],
  orders: readonly WorkingOrder[] = [],
): Pick<Facts, "book" | "working"> {
  return {
    book: known({ baseCurrency: "USD", holdings }, "broker", AT),
    working: known(orders, "orders and broker", AT),
  };
}

/** Daily returns of AAPL, in millionths. */
export function partHistory(returns: readonly number[]): PartHistory {
  return { conid: AAPL, returns, own: returns, averageVolume: "1000000", volumeSessions: 20 };
}

/** The history of the tests with some of its parts changed. */
export function withHistory(changes: Partial<History>): Pick<Facts, "history"> {
  if (FACTS.history.state === "missing") throw new TypeError("history");
  return { history: known({ ...FACTS.history.value, ...changes }, "market-data", AT) };
}
