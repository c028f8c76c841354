import type { OpenOrder } from "@countersign/contracts/account";
import { type Facts, known } from "../facts/fact.ts";
import { AT, FACTS } from "../test-facts.ts";

const AAPL = { conid: 265598, symbol: "AAPL", secType: "STK", currency: "USD", multiplier: "1" };
const KINDS = { industry: "Technology", category: "Computers" };

const OPEN: OpenOrder = {
  ...{ account: "DU1234567", permId: "1", orderId: 1, clientId: 1, orderRef: "", ownership: "ours", proposalId: null },
  ...{ conid: 265598, symbol: "AAPL", side: "BUY", quantity: "2", filledQuantity: "0", orderType: "LMT" },
  ...{ limitPrice: "200", timeInForce: "DAY", status: "Submitted" },
};

/** Facts in which nothing is empty, so that there is something of everything that can be made useless. */
export const FULL_FACTS: Facts = {
  ...FACTS,
  positions: known([{ ...AAPL, account: "DU1234567", quantity: "5", averageCost: "200" }], "tws", AT),
  openOrders: known([OPEN], "broker", AT),
  ownOrders: known([{ proposalId: "p-1", conid: 265598, state: "WORKING", side: "BUY", remaining: "2" }], "orders", AT),
  book: known(
    { baseCurrency: "USD", holdings: [{ ...AAPL, ...KINDS, quantity: "5", unitValue: "230" }] },
    "broker",
    AT,
  ),
  working: known([{ order: "p-1", conid: 265598, side: "BUY", remaining: "2", unitValue: "230" }], "orders", AT),
};
