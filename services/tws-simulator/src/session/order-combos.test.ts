import { covers } from "@countersign/testing/covers";
import { EventName } from "@stoqey/ib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildBook } from "../market/book.ts";
import type { LibraryClient } from "../testing/library-client.ts";
import { errorText, story } from "../testing/order-story.ts";
import { TestSimulator } from "../testing/test-simulator.ts";

const [BOUGHT, SOLD] = [...buildBook().values()]
  .filter(({ symbol, secType, right }) => symbol === "AAPL" && secType === "OPT" && right === "C")
  .sort((a, b) => a.expiry.localeCompare(b.expiry) || Number(a.strike) - Number(b.strike))
  .map(({ conId }) => conId);
const leg = { exchange: "SMART", openClose: 0, shortSaleSlot: 0, designatedLocation: "", exemptCode: -1 };
const spread = (first = BOUGHT, second = SOLD) => ({
  ...{ symbol: "AAPL", secType: "BAG", currency: "USD", exchange: "SMART" },
  comboLegs: [
    { ...leg, conId: first, ratio: 1, action: "BUY" },
    { ...leg, conId: second, ratio: 1, action: "SELL" },
  ],
});

let simulator: TestSimulator;
let client: LibraryClient;
beforeEach(async () => {
  simulator = await TestSimulator.start();
  await simulator.pin(BOUGHT ?? 0, "8.00");
  await simulator.pin(SOLD ?? 0, "6.00");
  client = await simulator.library();
});
afterEach(() => {
  expect(client.protocolErrors()).toEqual([]);
  simulator.stop();
});

const place = (order: object, contract: object = spread()) =>
  client.place(contract as never, { orderType: "MKT", totalQuantity: 2, ...order } as never);
const executions = () =>
  client.of(EventName.execDetails).map(({ args }) => {
    const contract = args[1] as { secType: string; conId: number };
    const { side, shares, price, execId } = args[2] as { side: string; shares: number; price: number; execId: string };
    return { secType: contract.secType, conId: contract.conId, side, shares, price, part: execId.split(".")[2] };
  });
async function positions(): Promise<unknown[]> {
  client.api.reqPositions();
  await client.waitFor(EventName.positionEnd);
  return client.of(EventName.position).map(({ args }) => [(args[1] as { conId: number }).conId, args[2]]);
}

test("a spread at the market -> one execution of the combination, one of each leg, a commission for each leg", async () => {
  covers("order/combo");
  const id = place({});
  await client.waitFor(EventName.commissionReport, () => true, 2);
  const fill = ["11", "11", "11", "5 Filled", "3 Filled", "5 Filled", "59", "59"];
  expect(story(client, id)).toEqual(["5 PreSubmitted", "3 PreSubmitted", ...fill]);
  expect(executions()).toEqual([
    { secType: "BAG", conId: 28812380, side: "BOT", shares: 2, price: 2.1, part: "01" },
    { secType: "OPT", conId: BOUGHT, side: "BOT", shares: 2, price: 8.05, part: "02" },
    { secType: "OPT", conId: SOLD, side: "SLD", shares: 2, price: 5.95, part: "03" },
  ]);
  expect(await positions()).toEqual([
    [BOUGHT, 2],
    [SOLD, -2],
  ]);
  const shown = client.of(EventName.openOrder).at(-1)?.args;
  expect(shown?.[1]).toMatchObject({ secType: "BAG", comboLegsDescription: `${BOUGHT}|1,${SOLD}|-1` });
  expect(shown?.[3]).toMatchObject({ commission: 2.6 });
  client.events.length = 0;
  client.api.reqExecutions(1, {});
  await client.waitFor(EventName.execDetailsEnd);
  expect(client.events.map(({ name }) => name)).toEqual([
    ...["execDetails", "execDetails", "commissionReport", "execDetails", "commissionReport", "execDetailsEnd"],
  ]);
});

test("a limit below the market rests, and its legs add up to the limit when it fills", async () => {
  const id = place({ orderType: "LMT", lmtPrice: 1.97 });
  await client.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === "Submitted");
  await simulator.pin(BOUGHT ?? 0, "7.80");
  await client.waitFor(EventName.commissionReport, () => true, 2);
  const [whole, first, second] = executions().map(({ price }) => price);
  expect(whole).toBe(1.97);
  expect(Number(first) - Number(second)).toBeCloseTo(1.97, 10);
});

test("the sale of the spread, for a price below zero, sells what is bought and buys what is sold", async () => {
  const id = place({ action: "SELL", orderType: "LMT", lmtPrice: -0.5 }, spread(SOLD, BOUGHT));
  await client.waitFor(EventName.orderStatus, (args) => args[0] === id && args[1] === "Submitted");
  await simulator.pin(BOUGHT ?? 0, "6.20");
  await client.waitFor(EventName.commissionReport, () => true, 2);
  expect(executions().map(({ conId, side, price }) => [conId, side, price])).toEqual([
    [28812380, "SLD", -0.5],
    [SOLD, "SLD", 5.75],
    [BOUGHT, "BOT", 6.25],
  ]);
});

test("a what-if of a spread carries the margins and the commissions of both legs", async () => {
  place({ whatIf: true });
  const [answer] = await client.waitFor(EventName.openOrder);
  expect(answer?.args[3]).toMatchObject({ commission: 2.6, status: "PreSubmitted" });
  expect(await positions()).toEqual([]);
});

test.each([
  ["a leg that nobody knows", spread(BOUGHT, 99), {}, 200],
  ["one leg", { ...spread(), comboLegs: spread().comboLegs.slice(0, 1) }, {}, 321],
  ["a leg of ratio 0", { ...spread(), comboLegs: spread().comboLegs.map((each) => ({ ...each, ratio: 0 })) }, {}, 321],
  ["a stop order", spread(), { orderType: "STP", auxPrice: 1 }, 387],
  ["a limit off the cent", spread(), { orderType: "LMT", lmtPrice: 1.005 }, 110],
])("%s -> %4$i", async (_name, contract, order, code) => {
  const id = place(order, contract);
  await client.waitFor(EventName.error, (args) => args[2] === id);
  expect(errorText(client, id, code)).not.toBe("");
});
