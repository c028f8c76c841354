import { createSystemClock } from "@countersign/clock/clock";
import { OrderTerms } from "@countersign/contracts/order";
import { expect, test } from "vitest";
import { brokerFacts } from "./broker-facts.ts";

const ACCOUNT = "DU1234567";
const terms = OrderTerms.parse({
  ...{ account: ACCOUNT, conid: 265598, side: "SELL", quantity: "100", timeInForce: "DAY" },
  ...{ orderType: "MKT", limitPrice: null },
});

test("an order by hand that fills while the open orders are listed is not gone from them and still to come in the positions", async () => {
  const held = { account: ACCOUNT, conid: 265598, quantity: "100" };
  const broker = { positions: [held] as object[] };
  const parts = {
    ...{ clock: createSystemClock(), mode: "simulator", table: new Map() },
    link: { state: "up", accounts: [ACCOUNT], heardAtMs: 0 },
    config: { summaryAgeMsMax: 0 },
    summaries: { read: async () => ({}) },
    positions: { read: async () => ({ version: "a.1", positions: broker.positions, asOf: "now" }) },
    lists: {
      openOrders: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        broker.positions = [];
        return { rows: [], atMs: 0 };
      },
    },
  } as unknown as Parameters<typeof brokerFacts>[0];
  const found = await brokerFacts(parts, { terms, ask: { whatIf: false, openOrders: true, positionsHeld: null } });
  expect(found.openOrders).toMatchObject({ value: { orders: [] } });
  expect(found.positions).toMatchObject({ value: { positions: [] } });
});
